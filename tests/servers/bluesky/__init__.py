"""Bluesky's own servers on this machine: PDS, PLC, AppView, with a chat service and a Jetstream.

    def test_something(devnet):                    # started once for all tests; skips if missing
        brand, anna = devnet.person("brand"), devnet.person("anna")      # SDK clients, logged in
        anna.send_post(f"@{brand.me.handle} hello")                     # see devnet.Devnet

`make test` installs them (see ./install). `devnet.pds` is where the connector signs in,
`devnet.jetstream.stream` its stream and `devnet.chat.proxy` its chat service.
"""
