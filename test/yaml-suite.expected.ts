/** Texts of the YAML test suite that are refused, by status and reason. */
export const refused: Readonly<Record<string, string>> = {
  '2 its top level is a list, and must be a map': `
    Y79Y/002
    229Q 2AUY 33X3 35KP 3ALJ 3R3P 4FJ6 4QFQ 4RWC 4WA9 5C5M 5KJE 5T43 65WH 6CK3 735Y 7TMG 8KB6 8UDB 93JH 9BXH 9MMW 9SA2
    9U5K AB8U AZW3 C4HZ CFD4 CN3R CT4Q D83L DBG4 DHP8 F2C7 FH7J FQ7F FTA2 FUP4 HM87/00 HM87/01 J7PZ JEF9/00 JEF9/01
    JEF9/02 JHB9 JR7V K4SU LE5A LP6E M2N8/00 M6YH MXS3 MZX3 NJ66 P2AD PW8X Q88A QF4Y R4YG S4JQ S7BG SM9W/00 UDM2 UKK6/00
    V55R V9D5 W42U YD5X Z9M4`,
  '2 its top level is a single value, and must be a map': `
    7A4E HS5T PRH3
    2G84/02 2G84/03 3MYT 3RLN/00 3RLN/01 3RLN/02 3RLN/03 3RLN/04 3RLN/05 4GC6 4Q9F 4UYU 4V8U 52DL 5TYM 6FWR 6JQW 6VJK
    6WLZ 6WPF 753E 7T8X 7Z25 82AN 8MK2 93WF 96L6 9KAX 9MQT/00 9TFX 9WXW 9YRD B3HG CC74 DE56/00 DE56/01 DE56/02 DE56/03
    DE56/04 DE56/05 DK3J DWX9 EX5H EXG3 FP8R G992 K527 K54U KH5V/00 KH5V/01 KH5V/02 KSS4 L383 M9B4 MJS9 MYW6 NP9H P76L
    Q8AD SSW6 T26H T4YY T5N4 TL85 TS54 U3C3`,
  '2 not valid YAML: a character is missing: a colon, a comma, a quote, a bracket or a space': `
    236B 5LLU 5TRB 6JTT 7MNF 9CWY 9JBA 9KBC 9MQT/01 CML9 CQ3W CVW2 CXX2 DK95/01 GDY7 JKF3 LHL4 N782 QB6E RXY3 S98Z SU5Z
    SY6V U99R W9L4 X4QW`,
  '23 line N cannot be encrypted: only a text can be a key': `
    2JQS 6BFJ 6M2F 6PBE DFF7 FRK4 KK5P LX3P M2N8/01 M5DY NHX8 NKF9 Q9WF RZP5 S3PD SBG9 SM9W/01 WZ62 X38W XW4D`,
  '2 not valid YAML: something stands where it cannot': `
    2G84/00 2G84/01 3HFZ 4H7K 5U3A 62EZ 9HCY 9MAG BD7L BS4K CTN5 EB22 GT5M KS4U P2EQ Q4CL S4GJ TD5N`,
  '2 not valid YAML: sops reads no directive but %YAML 1.1 and %TAG': `
    27NA 2LFX 6LVF 6ZKB 9DXL 9MMA B63P BEC7 DK95/07 H7TQ MUS6/01 MUS6/05 MUS6/06 RTP8 SF5V W4TN`,
  '2 not valid YAML: sops reads no tab as indentation': '6BCT 6CA3 A2M4 DK95/00 DK95/03 DK95/04 Q5MG Y79Y/010',
  '2 not valid YAML: the indentation does not fit': '6S55 8XDJ 9C9N BF9H DMG6 H7J7 N4JP U44R VJP3/00 Y79Y/000 Y79Y/003 ZVH3',
  '2 not valid YAML: a key goes over several lines': '2CMS 7LBH C2SP D49Q DK4H G5U8 G7JE HU3P T833 ZXT5',
  '2 not valid YAML: a tab is used as indentation': '4EJS DK95/06 Y79Y/004 Y79Y/005 Y79Y/006 Y79Y/007 Y79Y/008 Y79Y/009',
  '2 not valid YAML: a block cannot be a key': '4HVU EW3V G9HC JY7Z ZCZ6 ZL4Z',
  '2 not valid YAML: sops reads no key whose colon stands on another line': '4MUZ/00 4MUZ/01 4MUZ/02 5MUD K3WX VJP3/01',
  '2 not valid YAML: sops reads only letters, digits, "-" and "_" in the name of an anchor': '2SXE 8XYN W5VH Y2GN',
  '92 holds no document': '8G76 98YD AVM7',
  '2 not valid YAML: sops takes a line that begins with "%" for a directive': 'M7A3 UT92 XLQ9',
  '23 line N cannot be encrypted: a reference to a value cannot be a key': '26DV E76Z',
  '2 not valid YAML: an escape in double quotes is not known': '55WF HRE5',
  '2 not valid YAML: an alias can have neither anchor nor tag': 'SR86 SU74',
  '2 not valid YAML: a node has two anchors': '4JVG',
  '2 not valid YAML: sops takes a question mark in brackets for a sign of its own': '652Z',
  '2 not valid YAML: a directive is not known': 'MUS6/00',
  '2 not valid YAML: it is not YAML (tag resolve failed)': 'QLJ7',
  '2 not valid YAML: a plain value cannot begin with this character': 'RHX7',
  '2 not valid YAML: a block cannot stand in brackets': 'YJV2',
};
