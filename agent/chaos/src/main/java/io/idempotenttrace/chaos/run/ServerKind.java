package io.idempotenttrace.chaos.run;

/** How Redis is set up. The names are those of the option {@code --server}. */
enum ServerKind {
    standalone,
    sentinel,
    cluster
}
