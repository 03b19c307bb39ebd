import type { FormatName } from '../formats/format.ts';

/** What a new file begins with, so that nobody starts from an empty screen. It is not saved as it is. */
export const examples = {
  yaml: `# Every value is encrypted when you save, and so are comments. Keys stay readable.
# This is an example: replace it with your own.
database:
  host: db.example.com
  port: 5432
  password: change-me
api_tokens:
  - first-token
  - second-token
debug: false
# A value stays in the clear if its key ends like this:
region_unencrypted: eu-west-1
`,
  json: `{
  "database": {
    "host": "db.example.com",
    "port": 5432,
    "password": "change-me"
  },
  "api_tokens": ["first-token", "second-token"],
  "debug": false,
  "region_unencrypted": "eu-west-1"
}
`,
  dotenv: `# Every value is encrypted when you save, and so are comments. Names stay readable.
# This is an example: replace it with your own.
DATABASE_URL=postgres://app:change-me@db.example.com:5432/app
API_TOKEN=change-me
`,
  ini: `; Every value is encrypted when you save, and so are comments. Names stay readable.
; This is an example: replace it with your own.
[database]
host     = db.example.com
password = change-me
`,
  binary: `Replace this text with what you want to keep: the whole file is encrypted.
`,
} as const satisfies Record<FormatName, string>;
