//! What must stay: code and prose about secrets, and what only looks random.

use super::{check_untouched, written_out};

fn check_kept(texts: &[&str]) {
    texts.iter().for_each(|text| check_untouched(&written_out(text)));
}

#[test]
fn code_about_secrets_stays() {
    check_kept(&[
        "password = get_password(user, 3)",
        "token: String,",
        "let token = tokens[0];",
        "self.secret = secret",
        "secret = os.environ[\"SECRET_KEY_2\"]",
        "token=process.env.GITHUB_TOKEN",
        "password = other_password1",
        "login(user=name1, password=pass12)",
        "login(username: name1, password: pass12, again: true)",
        "password: Optional<Sha256Hash>,",
        "password: Utf8PathBuf",
        "password: Base64String",
        "password: str | None = None",
        "token = next_token2",
        "if password == other_password1:",
        "const secret = useSecret2FA();",
        "csrf_token = django.middleware.csrf.get_token",
        "max_tokens: 4096",
        "token: TokenKind::Identifier2",
        "<input type=\"password\" name=\"password\" id=\"password-field-2\">",
        "\"password\": \"string\"",
        "\"password\": \"is required\"",
        "password_field = \"new-password\"",
        "\"token\": \"access_token_v2\"",
        "PASSWORD_MIN_LENGTH=12",
        "TOKEN_URL=https://auth.example.org/v2/token",
        "PASSWORD_FILE=/run/secrets/db_password1",
        "password=$(cat /run/secrets/db1)",
        "curl -u \"$USER:$PASSWORD\" https://api.example.org",
        "a.password=b.value;c.user=d.user",
        "auth: require('./auth')",
        "auth = authenticate(user)",
        "connect(host, user=user, password=password, retry=None)",
        "def login(self, user=None, password=None, usenetrc=True):",
        "def f(key, private_key: ed25519.Ed25519PrivateKey) -> None:",
        "pub GetToken: KspGetTokenFn,",
        "pub ApplyControlToken: SpApplyControlTokenFn,",
        "pub const KEY_PASSWORD: X509HardwareKeyUsageFlags = X509HardwareKeyUsageFlags(2);",
        "const AS_TOKEN: &str = \"https://as.example.org/token2?private-query\";",
        "impl Authorization for Bearer<Token2> {}",
    ]);
}

#[test]
fn prose_about_secrets_stays() {
    check_kept(&[
        "the token is sent in the header and the password never is",
        "the password is hashed with argon2id and the token is sha256-hashed",
        "the password is base64-encoded",
        "a password is at least 12 characters long",
        "Authorization: Bearer <your token>",
        "Authorization: Bearer ACCESS_TOKEN_2_HERE",
        "Authorization: Basic realm",
        "authorization: Token your_token_here_12",
        "Bearer authentication is what the service uses",
        "use curl -u or --user to authenticate with user:password pairs",
        "docker run -u 1000:1000 -p 8080:80 image",
        "mysql -port is no option, mysql -p asks",
        "the machine learning login flow password reset",
        "machine example.org is down, login later",
        "a token starts with eyJ and has three parts: eyJhbGci.eyJ.x",
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\n‹64›\n-----END PUBLIC KEY-----",
        "a PEM file starts with -----BEGIN and says what it holds, a PRIVATE KEY or so",
        "between -----BEGIN PRIVATE KEY----- and -----END PRIVATE KEY----- stands the key",
        "-----BEGIN RSA PRIVATE KEY-----\n...\n-----END RSA PRIVATE KEY-----",
        "ghp_ is the prefix of personal tokens",
        "AKIAlooksLikeAKeyButIsNot",
        "sk-learn-contrib-metric-learning-algorithms-package",
        "sk-ant-colony-optimisation-for-vehicle-routing",
        "xoxb-is-what-the-tokens-of-bots-begin-with",
        "the npm_config_registry_and_other_environment_variables",
        "hvs.some_longer_name.of_a_module.that_is_none",
    ]);
}

#[test]
fn places_of_secrets_stay() {
    check_kept(&[
        "password: ${DB_PASSWORD_1}",
        "api_key = \"your-api-key-1\"",
        "token: \"<token-1>\"",
        "PASSWORD=changeme123",
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "postgres://${USER}:${PASSWORD}@localhost/db",
        "postgres://user:<password>@localhost/db",
        "Server=db;User Id=sa;Password=<password>;",
        "machine api.example.com login ada password $TOKEN",
    ]);
}

#[test]
fn addresses_without_passwords_stay() {
    check_kept(&[
        "https://example.org:8080/a@b",
        "https://user@example.org/",
        "see http://[::1]:80/ and mailto:a@b.c",
        "git+ssh://git@github.com/a/b.git@v1:x",
        "https://example.org/search?q=token&page=2&sort=signature",
        "https://example.org/a?signature=none",
    ]);
}

#[test]
fn hashes_ids_and_versions_stay() {
    check_kept(&[
        "fixed in 9fceb02d0ae598e95dc970b74767f19372d61af8",
        "9fceb02d0ae5..b74767f19372",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  Cargo.lock",
        "image@sha256:‹hex 64›",
        "key-d41d8cd98f00b204e9800998ecf8427e",
        "cache key: v2-linux-d41d8cd98f00b204e9800998ecf8427e",
        "id 123e4567-e89b-12d3-a456-426614174000",
        "{123e4567-e89b-12d3-a456-426614174000}",
        "integrity sha512-‹86›==",
        "rustc 1.95.0 (59807616e 2026-04-14)",
        "at 2026-03-01T12:00:00.123456Z from 192.168.1.17:8080",
        "x-request-id: 01HZX5J8K9QWERTYUIOPASDFGH",
        "QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWKPbdG",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI‹43› ada@host",
        "SHA256:‹43›",
        "arn:aws:secretsmanager:us-west-2:123456789012:secret:MyTestDatabaseSecret-a1b2c3",
        "arn:aws:iam::123456789012:role/deploy-production-eu-west-1",
        "pk_live_‹24›",
    ]);
}

#[test]
fn long_names_stay() {
    check_kept(&[
        "AbstractSingletonProxyFactoryBeanDefinitionRegistryPostProcessor",
        "test_that_the_token_is_refreshed_when_the_old_one_expires_v2",
        "org.springframework.security.oauth2.client.token.AccessTokenProviderChain",
        "D3D10_SB_OPCODE_DCL_UNORDERED_ACCESS_VIEW_STRUCTURED_128BITS",
        "XMLHttpRequestEventTargetPrototypeGetterForOnreadystatechange",
        "_ZN4core3fmt9Formatter9write_str17h0123456789abcdefE",
        "crate::redact::assignment::Assignment::secret",
        "com/fasterxml/jackson/databind/ObjectMapper$DefaultTypeResolverBuilder.class",
        "token: AbstractSingletonProxyFactoryBean",
        "secret: CorrectHorseBatteryStapleService",
    ]);
}

#[test]
fn images_in_base64_stay() {
    check_kept(&[
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ",
        "![logo](data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPg==)",
        "src=\"data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7\"",
    ]);
}
