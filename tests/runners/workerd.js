// workerd's configuration, for the tests and for the demo.

/**
 * One worker, its wasm modules, and a network that lets it reach this machine. It listens on a free port of 127.0.0.1.
 * @param {string} module the file of the worker's module, beside the configuration
 * @param {string[]} wasm the files of its wasm modules
 * @return {string} the text of a `.capnp` file; the worker's binding SELF is the worker
 */
export const workerdConfig = (module, wasm) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [
    (name = "${module}", esModule = embed "${module}"),
${wasm.map((name) => `    (name = "./${name}", wasm = embed "${name}"),`).join('\n')}
  ],
  bindings = [(name = "SELF", service = "main")],
  compatibilityDate = "2026-11-01",
  compatibilityFlags = ["nodejs_compat"],
  globalOutbound = "internet",
);
`
