//! For the tests as WebAssembly (tests/primitives/kernel-tests.js), where the harness can print nothing.
#![allow(unsafe_code)]

#[link(wasm_import_module = "tests")]
unsafe extern "C" {
    /// Takes what a panic says.
    fn panicked(text: *const u8, length: usize);
}

/// From now on, say why a test fails.
#[unsafe(no_mangle)]
extern "C" fn tell_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic.to_string();
        // The text is there.
        unsafe { panicked(text.as_ptr(), text.len()) }
    }));
}
