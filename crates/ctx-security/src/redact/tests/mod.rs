mod kept;
mod struck;

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&redact(text).text);
}

/// Prose and code that must come through as it is.
fn check_untouched(text: &str) {
    assert_eq!(redact(text), Redaction { text: text.into(), found: Vec::new() });
}

/// What chance makes, of `length` bytes. Tokens are put together from it, so that
/// no scanner of this repository takes them for real ones.
fn alphabet(length: usize) -> String {
    "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7".chars().cycle().take(length).collect()
}

/// `text` with `‹36›` written out as 36 bytes of chance, `‹few 36›` as such that
/// have but one digit, `‹no 36›` none, `‹capital 16›` as capitals and digits,
/// `‹hex 64›` as hexadecimal digits.
fn written_out(text: &str) -> String {
    let mut written = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('‹') {
        let (name, after) = after.split_once('›').expect("a bracket that is closed");
        let (kind, length) = name.rsplit_once(' ').unwrap_or(("", name));
        let letters = match kind {
            "few" => "qXvBtzRkWdnPhGcLmYsJ7fKuEwTbHrVxNgDp",
            "no" => "qXvBtzRkWdnPhGcLmYsJfKuEwTbHrVxNgDpZ",
            "capital" => "QX7VBTZ2RKWDNP4HGCLMYSJ",
            "hex" => "0f9c1b8e7d2a3465",
            "" => "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7",
            other => panic!("`{other}` is no kind of letters"),
        };
        let length = length.parse().expect("a length");
        written.push_str(before);
        written.extend(letters.chars().cycle().take(length));
        rest = after;
    }
    written + rest
}

#[test]
fn key_blocks_are_taken_whole() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA\nAoIBAQC7VJTUt9Us8cKj";
    let block = format!("-----BEGIN RSA PRIVATE KEY-----\n{body}\n-----END RSA PRIVATE KEY-----");
    check(
        &format!("key:\n{block}\ndone"),
        expect![[r#"
        key:
        [redacted:private-key]
        done"#]],
    );
    check(
        &format!("cut: -----BEGIN OPENSSH PRIVATE KEY-----\n{body}\n\"the end\""),
        expect![[r#"
            cut: [redacted:private-key]
            "the end""#]],
    );
    let escaped = block.replace('\n', "\\n");
    check(
        &format!("{{\"key\": \"{escaped}\"}}"),
        expect![[r#"{"key": "[redacted:private-key]"}"#]],
    );
    check_untouched("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----");
    check_untouched(
        "a PEM file starts with -----BEGIN and says what it holds, a PRIVATE KEY or so",
    );
}

#[test]
fn a_long_value_is_taken_to_its_end() {
    let long = alphabet(5000);
    for text in [format!("token={long}"), format!("token=\"{long}")] {
        let redacted = redact(&text).text;
        assert!(redacted.ends_with("[redacted:assigned-secret]"), "{redacted}");
    }
    let quoted = redact(&format!("token=\"{long}\" next")).text;
    assert_eq!(quoted, "token=\"[redacted:assigned-secret]\" next");
}

#[test]
fn what_was_found_is_told_without_the_secret() {
    let redaction = redact("password='zQ8!kd02mNp4' and more");
    assert!(!format!("{redaction:?}").contains("zQ8"));
    assert_eq!(redaction.found[0].kind, SecretKind::AssignedSecret);
}

#[test]
fn long_hostile_texts_are_read_once() {
    let repeated = [
        "sk-",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ",
        "eyJ",
        "eyJa.",
        "a://",
        "://a:",
        "password",
        "password=",
        "token:\"",
        "x",
        "ghp_a1",
        "authorization: bearer ",
        "curl -u a:b ",
        "curl ",
        "-eyJ",
        "machine a.b login c ",
        ";password=a",
        "user=a password=b ",
        "password: a = ",
        "password is ",
        "&sig=",
        "<password>",
        "\u{e9}",
    ];
    for part in repeated {
        let text = part.repeat(400_000 / part.len());
        let begun = std::time::Instant::now();
        redact(&text);
        // About 10 ms here; a detector that looks at everything again and again
        // would take minutes.
        assert!(begun.elapsed().as_secs() < 10, "{part}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_without_panic_and_stays_where_nothing_is_found(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("password=".to_owned()),
                Just("-----BEGIN RSA PRIVATE KEY-----".to_owned()),
                Just("-----END RSA PRIVATE KEY-----".to_owned()),
                Just("eyJhbGciOiJIUzI1NiJ9.".to_owned()),
                Just("https://u:".to_owned()),
                Just("@host".to_owned()),
                Just("ghp_".to_owned()),
                Just("Authorization: Bearer ".to_owned()),
                Just("Server=db;Password=".to_owned()),
                Just("curl -u ada:".to_owned()),
                Just("machine a.example login b password ".to_owned()),
                Just("the password is ".to_owned()),
                Just("<password>".to_owned()),
                Just("?token=".to_owned()),
                Just("&sig=".to_owned()),
                "[a-zA-Z0-9_=.:\"' -]{0,40}",
                ".{0,10}",
            ],
            0..12,
        ),
    ) {
        let text = parts.concat();
        let once = redact(&text);
        // What stands for a secret is never taken for one.
        let again = redact(&once.text);
        let stands = |found: &Found| once.text[found.start..found.end].starts_with("[redacted:");
        prop_assert!(!again.found.iter().any(stands), "{}", once.text);
        if once.found.is_empty() {
            prop_assert_eq!(&once.text, &text);
        }
    }

    #[test]
    fn any_string_is_read_without_panic(text in any::<String>()) {
        redact(&text);
    }
}
