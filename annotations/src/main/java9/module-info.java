/** What applications compile against: the annotation, its policies and the exceptions. */
module io.idempotenttrace.annotations {
    exports io.idempotenttrace;
}
