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

/// Tokens are put together here, so that no scanner of this repository takes
/// them for real ones.
fn alphabet(length: usize) -> String {
    "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7".chars().cycle().take(length).collect()
}

#[test]
fn tokens_of_providers_are_found_by_their_prefixes() {
    let body = alphabet(64);
    let hex = "0123456789abcdef".repeat(4);
    let tokens = [
        (format!("AKIA{}", "ABCD2345EFGH6789"), "aws-key"),
        (format!("ghp_{}", &body[..36]), "github-token"),
        (format!("github_pat_{}_{}", &body[..22], &body[..59]), "github-token"),
        (format!("glpat-{}", &body[..20]), "gitlab-token"),
        (format!("xoxb-123456789012-{}", &body[..24]), "slack-token"),
        (format!("sk_live_{}", &body[..24]), "stripe-key"),
        (format!("AIza{}", &body[..35]), "google-key"),
        (format!("ya29.{}", &body[..60]), "google-key"),
        (format!("sk-{}", &body[..48]), "openai-key"),
        (format!("sk-proj-{}-{}", &body[..24], &body[..20]), "openai-key"),
        (format!("sk-ant-api03-{}-{}", &body[..40], &body[..20]), "anthropic-key"),
        (format!("npm_{}", &body[..36]), "registry-token"),
        (format!("pypi-AgEIcHlwaS5vcmc{}", &body[..60]), "registry-token"),
        (format!("hf_{}", &body[..34]), "provider-token"),
        (format!("dop_v1_{hex}"), "provider-token"),
        (format!("SG.{}.{}", &body[..22], &body[..43]), "provider-token"),
    ];
    for (token, kind) in tokens {
        for (before, after) in [("", ""), ("use ", " here"), ("\"", "\","), ("(", ")."), ("é", "é")]
        {
            let redacted = redact(&format!("{before}{token}{after}"));
            assert_eq!(redacted.text, format!("{before}[redacted:{kind}]{after}"));
            let found = redacted.found[0];
            assert_eq!((found.start, found.end), (before.len(), before.len() + token.len()));
        }
    }
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
        expect![[r#"cut: [redacted:private-key]"the end""#]],
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
fn web_tokens_are_found() {
    let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9";
    check(&format!("cookie {token};"), expect!["cookie [redacted:jwt];"]);
    check_untouched("a token starts with eyJ and has three parts: eyJhbGci.eyJ.x");
}

#[test]
fn passwords_in_addresses_are_found() {
    check(
        "postgres://app:s3cret-pw@db.internal:5432/site?sslmode=require",
        expect!["postgres://app:[redacted:address-password]@db.internal:5432/site?sslmode=require"],
    );
    check("redis://:hunter2@cache", expect!["redis://:[redacted:address-password]@cache"]);
    let hook = format!(
        "https://hooks.slack.com/services/T0{}/B0{}/{}",
        "ABCDEF12",
        "ABCDEF34",
        alphabet(24)
    );
    check(&hook, expect!["https://hooks.slack.com/services/[redacted:slack-token]"]);
    for text in [
        "https://example.org:8080/a@b",
        "https://user@example.org/",
        "postgres://${USER}:${PASSWORD}@localhost/db",
        "postgres://user:<password>@localhost/db",
        "see http://[::1]:80/ and mailto:a@b.c",
        "git+ssh://git@github.com/a/b.git@v1:x",
    ] {
        check_untouched(text);
    }
}

#[test]
fn random_values_of_secret_names_are_found() {
    let cases = [
        "password = \"Tr0ub4dor&3x\"",
        "DB_PASSWORD=zQ8!kd02mNp4",
        "api_key: 9f8a7c6b5d4e3f2a1b0c",
        "\"clientSecret\": \"f3Zk9Q1mWb7T\"",
        "curl --token aB3dE6gH9jK2mN5p",
        "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYq8Zk3L9xT2",
        "secret => 'a1B2c3D4e5F6'",
        "Authorization: Bearer 9f8a7c6b5d4e3f2a1b0c",
        "-H 'authorization: Basic dXNlcjpwYXNzd29yZA=='",
    ];
    let redacted: Vec<_> = cases.iter().map(|case| redact(case).text).collect();
    expect![[r#"
        password = "[redacted:assigned-secret]"
        DB_PASSWORD=[redacted:assigned-secret]
        api_key: [redacted:assigned-secret]
        "clientSecret": "[redacted:assigned-secret]"
        curl --token [redacted:assigned-secret]
        AWS_SECRET_ACCESS_KEY=[redacted:assigned-secret]
        secret => '[redacted:assigned-secret]'
        Authorization: Bearer [redacted:authorization]
        -H 'authorization: Basic [redacted:authorization]'"#]]
    .assert_eq(&redacted.join("\n"));
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
fn code_and_prose_about_secrets_come_through() {
    for text in [
        "password = get_password(user, 3)",
        "token: String,",
        "let token = tokens[0];",
        "self.secret = secret",
        "secret = os.environ[\"SECRET_KEY_2\"]",
        "token=process.env.GITHUB_TOKEN",
        "password: ${DB_PASSWORD_1}",
        "api_key = \"your-api-key-1\"",
        "token: \"<token-1>\"",
        "PASSWORD=changeme123",
        "the token is sent in the header and the password never is",
        "password: str | None = None",
        "token = next_token2",
        "if password == other_password1:",
        "const secret = useSecret2FA();",
        "csrf_token = django.middleware.csrf.get_token",
        "max_tokens: 4096",
        "token: TokenKind::Identifier2",
        "Authorization: Bearer <your token>",
        "Authorization: Basic realm",
        "authorization: Token your_token_here_12",
        "sk-learn-contrib-metric-learning-algorithms-package",
        "the npm_config_registry_and_other_environment_variables",
        "ghp_ is the prefix of personal tokens",
        "AKIAlooksLikeAKeyButIsNot",
    ] {
        check_untouched(text);
    }
}

#[test]
fn hashes_ids_and_versions_come_through() {
    for text in [
        "fixed in 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "integrity sha512-aB3dE6gH9jK2mN5pQ8sT1vW4yZ7aB3dE6gH9jK2mN5pQ8sT1vW4yZ7==",
        "rustc 1.95.0 (59807616e 2026-04-14)",
        "at 2026-03-01T12:00:00.123456Z from 192.168.1.17:8080",
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
        "x-request-id: 01HZX5J8K9QWERTYUIOPASDFGH",
    ] {
        check_untouched(text);
    }
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
    fn any_text_is_read_without_panic_and_redacting_again_changes_nothing(
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
                "[a-zA-Z0-9_=.:\"' -]{0,40}",
                ".{0,10}",
            ],
            0..12,
        ),
    ) {
        let text = parts.concat();
        let once = redact(&text);
        prop_assert_eq!(&redact(&once.text).text, &once.text);
        if once.found.is_empty() {
            prop_assert_eq!(&once.text, &text);
        }
    }

    #[test]
    fn any_string_is_read_without_panic(text in any::<String>()) {
        redact(&text);
    }
}
