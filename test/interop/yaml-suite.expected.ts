/** Where sops and sec differ over a text of the YAML test suite. */
export const differences: Readonly<Record<string, string>> = {
  // Not YAML 1.2, or keys by reference: sec reads neither.
  'sops alone takes it': '9C9N DK95/01 HRE5 MUS6/00 QB6E S98Z SU5Z X4QW 2XXW 26DV E76Z',
  'sec alone takes it, and sops opens it': '3UYS 58MP 96NN/00 96NN/01 HWV9 QT73 Y79Y/001',
  'sec alone takes it, and sops does not open it': `
    2SXE 4MUZ/00 4MUZ/01 4MUZ/02 5MUD 9DXL A2M4 DK95/00 DK95/03 DK95/04 DK95/07 K3WX MUS6/05 MUS6/06 Q5MG SF5V UT92 VJP3/01
    W5VH`,
  'sops opens ours to other values': '652Z L24T/01 Y2GN',
};
