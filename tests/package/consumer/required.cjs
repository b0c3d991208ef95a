const { SecretKey, init } = require('@s-mail/crypto');

init().then(() => console.log(SecretKey.generate('alice@example.org').certificate().addresses.join()));
