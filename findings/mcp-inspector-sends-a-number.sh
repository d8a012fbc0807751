#!/usr/bin/env bash
# The Inspector of the Model Context Protocol calls a tool from a shell: --tool-arg version=0.10. The tool's schema says
# that "version" is a text. The server is one of the official SDK, and answers with the arguments that it was sent.
#
# Expected: {"version": "0.10"}, as the schema has it.
# Seen (@modelcontextprotocol/inspector 2.12.0, with sdk 1.32.2): {"version": 0.1}: whatever can be read as JSON is, and the
#   schema is not asked. Version 0.10 is the number 0.1, "1e3" is 1000, "57" is 57. Quotes within the quotes keep
#   the text: --tool-arg 'version="0.10"'.
# What follows: a server that turns numbers into text answers for another version. One that refuses them should say what
# to write.
set -eu
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
cd "$temp"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-fund --no-audit node@22 @modelcontextprotocol/inspector@2.12.0 @modelcontextprotocol/sdk@1.32.2 >/dev/null
PATH=$temp/node_modules/.bin:$PATH
cat >server.js <<'END'
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
const server = new Server({ name: "versions", version: "1.0.0" }, { capabilities: { tools: {} } });
const inputSchema = { type: "object", properties: { version: { type: "string" } }, required: ["version"] };
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ name: "which", inputSchema }] }));
server.setRequestHandler(CallToolRequestSchema, (request) => ({
  content: [{ type: "text", text: Buffer.from(JSON.stringify(request.params.arguments)).toString("base64") }],
}));
await server.connect(new StdioServerTransport());
END
sent() {
  mcp-inspector --cli node "$temp/server.js" --method tools/call --tool-name which --tool-arg "version=$1" 2>/dev/null |
    node -e 'const said = JSON.parse(require("fs").readFileSync(0)); console.log(atob(said.content[0].text))'
}
number=$(sent 0.10)
exponent=$(sent 1e3)
named=$(sent v0.10)
quoted=$(sent '"0.10"')
printf '%s\n' "0.10: $number" "1e3: $exponent" "v0.10: $named" "\"0.10\": $quoted"
[ "$number" = '{"version":0.1}' ] && [ "$exponent" = '{"version":1000}' ] && [ "$named" = '{"version":"v0.10"}' ] &&
  [ "$quoted" = '{"version":"0.10"}' ]
