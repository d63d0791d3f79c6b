//! The message of a panic, on the console: WebAssembly by itself says `unreachable` and nothing else.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn write(message: &str);
}

#[wasm_bindgen(start, skip_typescript)]
fn show_panics() {
    std::panic::set_hook(Box::new(|panic| write(&panic.to_string())));
}
