#!/usr/bin/env node
'use strict';
const { run } = require('../dist/cli/sec.cjs');

void run();
