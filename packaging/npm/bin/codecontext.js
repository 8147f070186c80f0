#!/usr/bin/env node
// Runs the program that the platform's package brought, with the arguments
// given here. Nothing is downloaded: npm has installed that package beside this
// one, or there is none for this machine.
"use strict";

const fs = require("node:fs");

const platform = `${process.platform}-${process.arch}`;

function fail(message, hint) {
  process.stderr.write(`error: ${message}\nhint: ${hint}\n`);
  process.exit(3);
}

function find() {
  const name = `{{npm_scope}}/${platform}`;
  try {
    return require.resolve(`${name}/bin/codecontext`);
  } catch {
    return fail(
      `the package ${name} is not installed`,
      "if npm was told to leave out optional dependencies, install without that; " +
        "if there is no such package, build from source: {{repository}}",
    );
  }
}

function run(program, words) {
  // Becoming the program leaves no process of ours between it and its caller.
  // Node 22.15 is the first that can.
  if (typeof process.execve === "function") {
    process.execve(program, [program, ...words], process.env);
  }
  const { spawn } = require("node:child_process");
  const child = spawn(program, words, { stdio: "inherit" });
  // A terminal sends Ctrl-C to the program too; what it does then counts.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => fail(`could not run ${program}`, error.message));
  child.on("exit", (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else {
      process.exit(code);
    }
  });
}

const program = find();
try {
  fs.accessSync(program, fs.constants.X_OK);
} catch (error) {
  fail(`${program} cannot be run`, error.message);
}
run(program, process.argv.slice(2));
