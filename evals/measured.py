"""measured.py REPORT COMMAND…: run a command and write what it cost as JSON.

A process of its own: the kernel counts the memory of whoever forks into the
peak of the child, and an evaluation that holds its truth in memory is large.
"""

import json
import os
import sys
import time


def main():
    report, command = sys.argv[1], sys.argv[2:]
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            os.execvp(command[0], command)
        except OSError as error:
            sys.stderr.write(f"{command[0]}: {error}\n")
            os._exit(127)
    _, status, usage = os.wait4(child, 0)
    cost = {
        "wall_s": time.monotonic() - began,
        "cpu_s": usage.ru_utime + usage.ru_stime,
        "peak_rss_bytes": usage.ru_maxrss * 1024,
    }
    with open(report, "w", encoding="utf-8") as file:
        json.dump(cost, file)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)


main()
