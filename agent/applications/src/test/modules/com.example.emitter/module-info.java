module com.example.emitter {
    requires io.idempotenttrace.annotations;
    exports com.example.emitter;
}
