module com.example.worker {
    requires com.example.emitter;
    requires io.idempotenttrace.annotations;
}
