// A stand-in for AWS KMS on the loopback that takes its time: kms.mjs MILLISECONDS. Prints its port.

import { createServer } from 'node:http';

const delay = Number(process.argv[2] ?? '0');

const server = createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => setTimeout(() => answer(request, JSON.parse(Buffer.concat(pieces)), response), delay));
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));

/** What is "encrypted" is the data key as it is, behind whatever stands before it: nobody's secrets are here. */
function answer({ headers }, { KeyId, Plaintext, CiphertextBlob }, response) {
  const isEncrypt = headers['x-amz-target'] === 'TrentService.Encrypt';
  const body = isEncrypt
    ? { KeyId, CiphertextBlob: Plaintext }
    : { KeyId, Plaintext: Buffer.from(CiphertextBlob, 'base64').subarray(-32).toString('base64') };
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
}
