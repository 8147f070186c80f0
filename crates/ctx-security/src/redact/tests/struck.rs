//! What must go. `«…»` marks the secret; `‹…›` is written out before.

use super::super::{SecretKind, redact};
use super::{alphabet, written_out};

/// Every marked secret goes, all of it and nothing else, and is named `kind`.
fn check_struck(kind: SecretKind, texts: &[&str]) {
    let mut wrong = Vec::new();
    for text in texts {
        let text = written_out(text);
        let mut expected = String::new();
        let mut rest = &text[..];
        while let Some((before, after)) = rest.split_once('«') {
            let (_, after) = after.split_once('»').expect("a mark that is closed");
            expected.push_str(before);
            expected.push_str(&format!("[redacted:{kind}]"));
            rest = after;
        }
        expected.push_str(rest);
        let redacted = redact(&text.replace(['«', '»'], "")).text;
        if redacted != expected {
            wrong.push(format!("{text}\n  became {redacted}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn tokens_go_whatever_stands_around_them() {
    let tokens = [
        ("AKIA‹capital 16›", SecretKind::AwsKey),
        ("AKIAIOSFODNN7EXAMPLE", SecretKind::AwsKey),
        ("AKIAIOSFODNNBEXAMPLE", SecretKind::AwsKey),
        ("ASIA‹capital 16›", SecretKind::AwsKey),
        ("ghp_‹36›", SecretKind::GithubToken),
        ("ghp_‹few 36›", SecretKind::GithubToken),
        ("ghp_‹no 36›", SecretKind::GithubToken),
        ("gho_‹36›", SecretKind::GithubToken),
        ("ghs_‹36›", SecretKind::GithubToken),
        ("github_pat_‹22›_‹59›", SecretKind::GithubToken),
        ("glpat-‹20›", SecretKind::GitlabToken),
        ("glpat-‹no 20›", SecretKind::GitlabToken),
        ("glrt-‹20›", SecretKind::GitlabToken),
        ("xoxb-123456789012-1234567890123-‹24›", SecretKind::SlackToken),
        ("xoxp-123456789012-‹no 24›", SecretKind::SlackToken),
        ("xoxe.xoxp-1-‹60›", SecretKind::SlackToken),
        ("xapp-1-A0123456789-123456789012-‹hex 64›", SecretKind::SlackToken),
        ("sk_live_‹24›", SecretKind::StripeKey),
        ("sk_live_‹no 24›", SecretKind::StripeKey),
        ("rk_test_‹24›", SecretKind::StripeKey),
        ("whsec_‹32›", SecretKind::StripeKey),
        ("AIza‹35›", SecretKind::GoogleKey),
        ("AIza‹few 35›", SecretKind::GoogleKey),
        ("GOCSPX-‹28›", SecretKind::GoogleKey),
        ("ya29.‹60›", SecretKind::GoogleKey),
        ("1//0‹60›", SecretKind::GoogleKey),
        ("sk-‹48›", SecretKind::OpenaiKey),
        ("sk-‹few 48›", SecretKind::OpenaiKey),
        ("sk-proj-‹24›-‹20›", SecretKind::OpenaiKey),
        ("sk-proj-‹no 48›", SecretKind::OpenaiKey),
        ("sk-svcacct-‹48›", SecretKind::OpenaiKey),
        ("sk-ant-api03-‹40›-‹20›", SecretKind::AnthropicKey),
        ("sk-ant-‹no 40›", SecretKind::AnthropicKey),
        ("npm_‹36›", SecretKind::RegistryToken),
        ("npm_‹few 36›", SecretKind::RegistryToken),
        ("pypi-AgEIcHlwaS5vcmc‹60›", SecretKind::RegistryToken),
        ("hf_‹34›", SecretKind::ProviderToken),
        ("hf_‹few 34›", SecretKind::ProviderToken),
        ("dop_v1_‹hex 64›", SecretKind::ProviderToken),
        ("SG.‹22›.‹43›", SecretKind::ProviderToken),
        ("SK‹hex 32›", SecretKind::ProviderToken),
        ("hvs.‹no 24›", SecretKind::ProviderToken),
        ("gsk_‹52›", SecretKind::ProviderToken),
        ("1234567890:AA‹33›", SecretKind::ProviderToken),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.‹43›", SecretKind::Jwt),
        ("eyJhbGciOiJSU0EtT0FFUCJ9.‹342›.‹16›.‹20›.‹22›", SecretKind::Jwt),
        ("eyJhbGciOiJkaXIifQ..‹16›.‹20›.‹22›", SecretKind::Jwt),
    ];
    for (token, kind) in tokens {
        for (before, after) in
            [("", ""), ("use ", " here"), ("\"", "\","), ("(", ")"), ("é", "é"), ("see ", ".")]
        {
            check_struck(kind, &[&format!("{before}«{token}»{after}")]);
        }
    }
}

#[test]
fn values_of_secret_names_go() {
    check_struck(
        SecretKind::AssignedSecret,
        &[
            "password = \"«Tr0ub4dor&3x»\"",
            "password: \"«hunter2»\"",
            "Password: «Welcome123»",
            "the staging password is «hunter2».",
            "The password was '«S3same!open»' until May",
            "DB_PASSWORD=«zQ8!kd02mNp4»",
            "export DB_PASSWORD=«SuperSecret123»",
            "docker run -e MYSQL_ROOT_PASSWORD=«Summer(2024)» mysql",
            "DB_PASS=«Welcome123»",
            "PGPASSWORD=«s3cr3t» psql -h db",
            "spring.datasource.password=«hunter22»",
            "password1 = '«hunter2»'",
            "<password>«hunter2»</password>",
            "mysql --password=«hunter2» db",
            "tool --password «hunter2» run",
            "{\"user\": \"app\", \"password\": \"«hunter2»\"}",
            "\"{\\\"password\\\": \\\"«hunter2»\\\"}\"",
            "api_key: «9f8a7c6b5d4e3f2a1b0c»",
            "api_key = «‹no 32›»",
            "apiKey: '«‹few 24›»'",
            "API_KEY_PROD=«‹32›»",
            "SECRET_KEY_BASE=«‹hex 64›»",
            "\"clientSecret\": \"«f3Zk9Q1mWb7T»\"",
            "client_secret=«‹no 40›»",
            "const token: string = \"«‹20›»\";",
            "const PASSWORD: &str = \"«hunter2»\";",
            "var password string = \"«hunter2»\"",
            "the token is «‹20›»",
            "curl --token «aB3dE6gH9jK2mN5p»",
            "X-Api-Key: «‹hex 32›»",
            "Ocp-Apim-Subscription-Key: «‹hex 32›»",
            "AWS_SECRET_ACCESS_KEY=«wJalrXUtnFEMI/K7MDENG/bPxRfiCYq8Zk3L9xT2»",
            "aws_secret_access_key = «wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY»",
            "secret => '«a1B2c3D4e5F6»'",
            "//registry.npmjs.org/:_authToken=«123e4567-e89b-12d3-a456-426614174000»",
            "\"auth\": \"«YXBwOmh1bnRlcjI=»\"",
            "GET /callback?user=1&access_token=«‹24›»&next=/a",
            "https://h.blob.core.windows.net/c?sv=2020-08-04&sp=r&sig=«‹43›%3D»",
            "jdbc:mysql://db/site?user=app&password=«hunter2»&useSSL=true",
        ],
    );
}

#[test]
fn connection_strings_lose_their_secrets() {
    check_struck(
        SecretKind::AssignedSecret,
        &[
            "Server=db;Database=site;User Id=sa;Password=«letmein»;Encrypt=true",
            "\"Server=tcp:db,1433;Uid=app;Pwd=«correct-horse»;\"",
            "Password=«letmein»;User ID=app;Data Source=db",
            "host=db user=app password=«letmein» dbname=site",
            "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=«‹86›==»;EndpointSuffix=core",
            "Endpoint=sb://a.example.net/;SharedAccessKeyName=Root;SharedAccessKey=«‹43›=»",
            "BlobEndpoint=https://a/;SharedAccessSignature=«sv=2020-08-04&sp=r&sig=‹43›%3D»",
        ],
    );
}

#[test]
fn credentials_in_addresses_go() {
    check_struck(
        SecretKind::AddressPassword,
        &[
            "postgres://app:«s3cret-pw»@db.internal:5432/site?sslmode=require",
            "postgres://u:«p»@db/site",
            "postgresql+asyncpg://app:«letmein»@localhost/site",
            "mongodb+srv://app:«p@ss»@cluster0.mongodb.net/?retryWrites=true",
            "redis://:«hunter2»@cache",
            "amqp://guest:«guest»@mq:5672//",
            "(see https://ada:«letmein»@git.example.org/a.git)",
            "two: ftp://a:«b»@c, ftp://d:«e»@f",
        ],
    );
    check_struck(
        SecretKind::SlackToken,
        &["https://hooks.slack.com/services/«T0ABCDEF12/B0ABCDEF34/‹24›»"],
    );
    check_struck(
        SecretKind::ProviderToken,
        &["https://discord.com/api/webhooks/«123456789012345678/‹68›»"],
    );
}

#[test]
fn credentials_in_headers_go() {
    check_struck(
        SecretKind::Authorization,
        &[
            "Authorization: Bearer «9f8a7c6b5d4e3f2a1b0c»",
            "Authorization: Bearer «‹no 32›»",
            "-H 'authorization: Basic «dXNlcjpwYXNzd29yZA==»'",
            "Authorization: Basic «YTpi»",
            "{\"Authorization\": \"Bearer «‹24›»\"}",
            "\"{\\\"Authorization\\\": \\\"Bearer «‹24›»\\\"}\"",
            "Proxy-Authorization: Basic «dXNlcjpwYXNzd29yZA==»",
            "Authorization: «‹hex 40›»",
            "sent as Bearer «‹24›».",
        ],
    );
}

#[test]
fn passwords_on_command_lines_go() {
    check_struck(
        SecretKind::CommandPassword,
        &[
            "curl -u user:«pass» https://api.example.org",
            "curl -sSL -u 'user:«pass word»' https://api.example.org",
            "curl --user \"user:«pass»\" https://api.example.org",
            "curl --user=user:«pass» https://api.example.org",
            "curl -uuser:«pass» https://api.example.org",
            "curl https://api.example.org \\\n  -u user:«pass» \\\n  -o out",
            "curl -x proxy:80 --proxy-user ada:«pass» https://api.example.org",
            "$ curl -u :«pass» https://api.example.org | jq .",
            "http -a user:«pass» GET :8080/",
            "mysql -u root -p«S3cret» site",
            "sshpass -p «letmein» ssh host",
            "redis-cli -h cache -a «letmein» ping",
            "docker login -u ada -p «letmein» registry.example.org",
        ],
    );
}

#[test]
fn passwords_of_netrc_go() {
    check_struck(
        SecretKind::AssignedSecret,
        &[
            "machine api.example.com login ada password «letmein»",
            "machine git.example.org\n  login ada\n  password «hunter2»\n",
            "machine a.example.org password «x» login ada\nmachine localhost login b password «y»",
        ],
    );
}

#[test]
fn key_blocks_go_in_any_dress() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEA";
    let begin = "-----BEGIN RSA PRIVATE KEY-----";
    let end = "-----END RSA PRIVATE KEY-----";
    check_struck(
        SecretKind::PrivateKey,
        &[
            &format!("«{begin}\n{body}\n{end}»"),
            &format!("«{begin}\nMIIEowIBAAKC\n{end}»"),
            &format!("# «{begin}\n# {body}\n# {body}\n# {end}»\n# the end"),
            &format!("> «{begin}\n> {body}\n> {body}»\n> and so on"),
            &format!("  «{begin}\n  {body}\n  {body}»\n\nAnd more."),
            &format!("«{begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,‹hex 32›\n\n{body}\n{end}»"),
            &format!("key = \"«{begin}\\n\" +\n \"{body}\\n\" +\n \"{end}»\""),
            &format!(
                "«-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{body}\n=aB3d\n-----END PGP PRIVATE KEY BLOCK-----»"
            ),
        ],
    );
    // A body that was cut off is still a key.
    check_struck(SecretKind::PrivateKey, &[&format!("«{begin}\n{}»", alphabet(64))]);
}
