// The PDS's own count of graphemes for each text of a JSON list on stdin.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { json } from 'node:stream/consumers'

const pds = createRequire(createRequire(`${process.cwd()}/`).resolve('@atproto/pds'))
const schema = createRequire(pds.resolve('@atproto/lex'))
const { graphemeLen } = await import(pathToFileURL(schema.resolve('@atproto/lex-data')))
console.log(JSON.stringify((await json(process.stdin)).map(graphemeLen)))
