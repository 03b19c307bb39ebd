/** Where sops and sec differ over a text of the YAML test suite. */
export const differences: Readonly<Record<string, string>> = {
  // Not YAML 1.2, keys by reference, or a key that only go-yaml reads so: sec reads none of them.
  'sops alone takes it': '652Z 9C9N DK95/01 HRE5 MUS6/00 QB6E S98Z SU5Z X4QW Y2GN 26DV E76Z',
  'sec alone takes it, and sops opens it': '3UYS 58MP 96NN/00 96NN/01 HWV9 QT73 Y79Y/001',
  // A text block whose last line is white space without a line break.
  'sops opens ours to other values': 'L24T/01',
};
