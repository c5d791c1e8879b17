// Starts Bluesky's own servers (PDS, PLC, AppView, bsync, Ozone) and says in one line of JSON where
// they are. Runs in the folder that holds node_modules, until SIGTERM or the end of its input.
//
//   node --require loopback.cjs --require plain-indexes.cjs start.mjs '{"database": URL, ...}'
//
//   database    the PostgreSQL of the AppView, bsync and Ozone
//   schema      of letters and underscores alone; empty or not there yet
//   chat        where the chat stand-in listens: it becomes the service bsky_chat of a new DID
//   bypass      the key that lifts the PDS's rate limits (header x-ratelimit-bypass)
//   ports       {plc, pds, bsky, ozone}; one left out or 0 is chosen freely
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const installed = createRequire(`${process.cwd()}/`)
const load = (name) => import(pathToFileURL(installed.resolve(name)))
const wanted = JSON.parse(process.argv[2])
const port = (name) => (wanted.ports?.[name] ? { port: wanted.ports[name] } : {})
process.env.REDIS_HOST = '127.0.0.1:1' // must be set; nothing connects to it

const { TestNetwork } = await load('@atproto/dev-env')
const network = await TestNetwork.create({
  dbPostgresUrl: wanted.database,
  dbPostgresSchema: wanted.schema,
  plc: port('plc'),
  pds: {
    ...port('pds'),
    hostname: 'localhost',
    enableDidDocWithSession: true,
    rateLimitsEnabled: true,
    rateLimitBypassKey: wanted.bypass,
  },
  bsky: port('bsky'),
  ozone: port('ozone'),
})

// A DID of its own for the chat service, as the real one has.
async function chatDid(endpoint) {
  const { Secp256k1Keypair } = await load('@atproto/crypto')
  const key = await Secp256k1Keypair.create()
  const plc = network.plc.getClient()
  const did = await plc.createDid({
    signingKey: key.did(),
    rotationKeys: [key.did()],
    handle: 'chat.test',
    pds: endpoint,
    signer: key,
  })
  await plc.updateData(did, key, (data) => {
    data.services.bsky_chat = { type: 'BskyChatService', endpoint }
    return data
  })
  return did
}

const where = {
  pds: network.pds.url,
  plc: network.plc.url,
  appview: network.bsky.url,
  ozone: network.ozone.url,
  chat: wanted.chat ? await chatDid(wanted.chat) : null,
}

async function stop() {
  await network.close()
  process.exit(0)
}

process.once('SIGTERM', stop)
process.stdin.resume().once('end', stop) // whoever started us is gone
process.stdout.write(JSON.stringify(where) + '\n')
