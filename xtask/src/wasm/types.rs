//! The types that wasm-bindgen writes, brought to what the loader does: no looser where octets go in, and what TypeScript
//! needs to know of those that come out.

/// Methods that wasm-bindgen adds to every class, and what they do.
const ADDED_METHODS: [(&str, &str); 2] = [
    (
        "    free(): void;",
        "Ends the handle and wipes what it held; it cannot be used after.",
    ),
    (
        "    [Symbol.dispose](): void;",
        "Does what `free` does, where a block that began with `using` ends.",
    ),
];

/// What wasm-bindgen says that octets may be that go in, which the loader does not take.
const LOOSE_OCTETS: (&str, &str) = ("Uint8Array | number[]", "Uint8Array");

/// How octets that come out are written, all but those of a property, and how they are to be.
const GIVEN_OCTETS: [(&str, &str); 3] = [
    ("): Uint8Array", "): Octets"),
    ("Promise<Uint8Array", "Promise<Octets"),
    ("(Uint8Array | SMailError)", "(Octets | SMailError)"),
];
const GIVEN_PROPERTY: &str = "    readonly ";
const OCTETS: &str = "
/**
 * Octets that are given out, in a buffer that nothing else uses. Where TypeScript tells buffers apart (5.7 and later) it is
 * a `Uint8Array<ArrayBuffer>`, of which a `Blob` or a `Response` can be made.
 */
export type Octets = ReturnType<typeof Uint8Array.from>;
";

/// Types that promise what the loader does, in which the methods that wasm-bindgen adds are documented as all others are.
pub(super) fn corrected(types: &str) -> String {
    let types = types.replace(LOOSE_OCTETS.0, LOOSE_OCTETS.1);
    let types = GIVEN_OCTETS
        .iter()
        .fold(types, |types, (from, to)| types.replace(from, to));
    let mut lines: Vec<String> = types.lines().map(of_property).collect();
    lines.push(OCTETS.to_owned());
    ADDED_METHODS
        .iter()
        .fold(lines.join("\n"), |types, (method, what)| {
            types.replace(method, &format!("    /** {what} */\n{method}"))
        })
}

fn of_property(line: &str) -> String {
    match line.starts_with(GIVEN_PROPERTY) {
        true => line.replace(": Uint8Array", ": Octets"),
        false => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn added_methods_are_documented() {
        let types = corrected("class A {\n    free(): void;\n    [Symbol.dispose](): void;\n}\n");
        assert_eq!(types.matches("/** ").count(), 2);
        assert!(types.contains("used after. */\n    free(): void;\n"));
    }

    #[test]
    fn octets_that_come_out_are_told_from_those_that_go_in() {
        for (written, corrected_to) in [
            (
                "    seal(content: Uint8Array | number[]): Uint8Array;",
                "    seal(content: Uint8Array): Octets;",
            ),
            (
                "    push(message: Uint8Array): Promise<Uint8Array[]>;",
                "    push(message: Uint8Array): Promise<Octets[]>;",
            ),
            (
                "    readonly plaintext: Uint8Array[];",
                "    readonly plaintext: Octets[];",
            ),
            ("    owner: Uint8Array;", "    owner: Uint8Array;"),
        ] {
            assert_eq!(corrected(written).lines().next(), Some(corrected_to));
        }
    }
}
