"""Asks like an AI assistant: starts the MCP server over standard input and
output, says hello, and calls two tools. Prints what the assistant is shown.

demo_assistant.py PROGRAM PROJECT REPORT SYMBOL
"""

import json
import subprocess
import sys


class Server:
    """A server at the other end of two pipes."""

    def __init__(self, command):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.last_id = 0

    def ask(self, method, params):
        """Sends a request and waits for its result."""
        self.last_id += 1
        message = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        self.process.stdin.write(json.dumps(message) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            answer = json.loads(line)
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    sys.exit(f"{method}: {answer['error']['message']}")
                return answer["result"]
        sys.exit("the server ended")

    def call(self, tool, arguments):
        """Calls a tool, and prints the call and the text of its answer."""
        shown = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        print(f"\n> {tool}({shown})")
        result = self.ask("tools/call", {"name": tool, "arguments": arguments})
        print(result["content"][0]["text"], end="")
        if result.get("isError"):
            sys.exit(1)

    def end(self):
        """Hangs up; the server ends by itself."""
        self.process.stdin.close()
        return self.process.wait(timeout=30)


def main():
    program, project, report, symbol = sys.argv[1:]
    server = Server([program, "--project", project, "mcp"])
    client = {"name": "demo", "version": "1"}
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client}
    about = server.ask("initialize", hello)["serverInfo"]
    tools = server.ask("tools/list", {})["tools"]
    print(f"connected to {about['name']} {about['version']}: {', '.join(t['name'] for t in tools)}")
    server.call("locate", {"query": report, "max_tokens": 700})
    server.call("recall", {"query": f"may I change the signature of {symbol}?", "max_tokens": 700})
    sys.exit(server.end())


if __name__ == "__main__":
    main()
