/** The first configuration of a folder, for one age recipient. */
export function starterConfig(person: string, recipient: string): string {
  return [
    '# Which files sec encrypts, and for whom.',
    'creation_rules:',
    '  # secrets.yaml, prod.secrets.json, secrets/db.ini, .env, prod.env and the like',
    "  - path_regex: '(^|[./])secrets?([./].*)?\\.(ya?ml|json|ini)$|\\.env$'",
    `    age: [${person}]`,
    '',
    'people:',
    `  ${person}: { age: ${/^age1\w+$/.test(recipient) ? recipient : JSON.stringify(recipient)} }`,
    '',
  ].join('\n');
}

/** The name of a user as a name in a configuration: `me` where YAML or sec would take it for something else. */
export function starterName(user: string): string {
  const isPlain = /^[a-z_][a-z0-9_.-]*$/i.test(user) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(user);
  return isPlain && !/^(0x)?[0-9a-f]{8,}$|^age1|^ssh-/i.test(user) ? user : 'me';
}
