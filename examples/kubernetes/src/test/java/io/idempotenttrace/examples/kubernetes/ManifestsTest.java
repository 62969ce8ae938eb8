package io.idempotenttrace.examples.kubernetes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.idempotenttrace.testkit.SharedData;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The manifests are what Kubernetes takes, and their parts fit each other. */
class ManifestsTest {

    private interface Schema {

        /** @throws IllegalArgumentException if the document has a field that is unknown, lacks one, or has one of another type */
        void check(JsonElement document) throws IOException;
    }

    private static final Map<String, Schema> SCHEMAS = Map.of(
            "apps/v1 Deployment", V1Deployment::validateJsonElement,
            "v1 ConfigMap", V1ConfigMap::validateJsonElement,
            "v1 Secret", V1Secret::validateJsonElement,
            "v1 Service", V1Service::validateJsonElement,
            "policy/v1 PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement);

    private static final String POD = "spec/template/spec/";

    private static JsonObject deployment() throws IOException {
        return Manifests.document("deployment.yaml", "Deployment");
    }

    private static void check(JsonObject document) throws IOException {
        String kind = Manifests.text(document, "apiVersion") + " " + Manifests.text(document, "kind");
        Schema schema = SCHEMAS.get(kind);
        assertTrue(schema != null, () -> "no schema for " + kind);
        schema.check(document);
    }

    @Test
    void eachDocumentHasTheFieldsThatKubernetesKnows() throws IOException {
        for (JsonObject document : Manifests.documents("deployment.yaml")) {
            check(document);
        }
        assertEquals(SCHEMAS.size(), Manifests.documents("deployment.yaml").size());
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowWouldBeFound() throws IOException {
        JsonObject wrong = deployment();
        Manifests.at(wrong, POD + "containers/0").getAsJsonObject().addProperty("volumeMount", "/agent");
        IllegalArgumentException found = assertThrows(IllegalArgumentException.class, () -> check(wrong));
        assertTrue(found.getMessage().contains("volumeMount"), found::getMessage);

        JsonObject nameless = deployment();
        Manifests.at(nameless, POD + "containers/0").getAsJsonObject().remove("name");
        assertThrows(IllegalArgumentException.class, () -> check(nameless));
    }

    @Test
    void theJvmFindsTheJarWhereTheInitContainerPutsIt() throws IOException {
        JsonElement init = Manifests.at(deployment(), POD + "initContainers/0");
        JsonElement worker = Manifests.at(deployment(), POD + "containers/0");
        String folder = mountOf(worker, "agent");
        assertEquals(mountOf(init, "agent"), folder);
        String source = Manifests.text(init, "command/1");
        assertEquals(folder + "/", Manifests.text(init, "command/2"));
        assertEquals("-javaagent:" + folder + source, environment(worker).get("JAVA_TOOL_OPTIONS"));
        String dockerfile = Files.readString(Manifests.FOLDER.resolve("Dockerfile"));
        assertTrue(
                dockerfile.contains("/idempotent-trace-agent.jar " + source + "\n"),
                () -> "not in the image: " + source);
        assertTrue(dockerfile.contains("ln " + source + " /javaagent.jar\n"), "the operator copies /javaagent.jar");
        String image = Manifests.text(init, "image");
        assertEquals(image, Manifests.text(Manifests.document("operator.yaml", "Instrumentation"), "spec/java/image"));
        assertTrue(dockerfile.contains("-t " + image + " "), () -> "not built: " + image);
    }

    @Test
    void eachSettingWithAFileNamesASecretThatIsMounted() throws IOException {
        JsonElement worker = Manifests.at(deployment(), POD + "containers/0");
        assertEquals(
                mountOf(worker, "settings") + "/idempotent-trace.properties",
                environment(worker).get("IDEMPOTENT_TRACE_CONFIG_FILE"));
        Map<String, String> files = new TreeMap<>();
        settings().forEach((name, value) -> {
            if (name.toString().endsWith("-file")) {
                files.put(value.toString(), name.toString());
            }
        });
        JsonObject secrets = Manifests.at(Manifests.document("deployment.yaml", "Secret"), "stringData")
                .getAsJsonObject();
        for (String secret : secrets.keySet()) {
            String file = mountOf(worker, "secrets") + "/" + secret;
            assertTrue(files.remove(file) != null, () -> "no setting reads " + file);
        }
        assertEquals(Map.of(), files, "settings whose files no secret has");
    }

    @Test
    void theMetricsAreScrapedWhereTheAgentServesThem() throws IOException {
        JsonObject monitor = Manifests.document("monitoring.yaml", "PodMonitor");
        JsonElement scraped = Manifests.at(monitor, "spec/podMetricsEndpoints/0");
        JsonElement port = Manifests.at(deployment(), POD + "containers/0/ports/1");
        assertEquals(Manifests.text(port, "name"), Manifests.text(scraped, "port"));
        assertEquals("/metrics", Manifests.text(scraped, "path"));
        assertEquals(
                "0.0.0.0:" + Manifests.at(port, "containerPort").getAsInt(),
                settings().getProperty("metrics-port"));
        assertEquals(
                Manifests.at(deployment(), "spec/template/metadata/labels"),
                Manifests.at(monitor, "spec/selector/matchLabels"));
    }

    @Test
    void theAlertRulesAreThoseOfTheDocumentation() throws IOException {
        Path documented = SharedData.repository().resolve("agent/docs/dashboards/prometheus-alerts.yml");
        assertEquals(
                Manifests.at(Manifests.documents(documented).get(0), "groups"),
                Manifests.at(Manifests.document("monitoring.yaml", "PrometheusRule"), "spec/groups"));
    }

    @Test
    void thePodIsGivenTimeToStop() throws IOException {
        int seconds = Manifests.at(deployment(), POD + "terminationGracePeriodSeconds")
                .getAsInt();
        // The application's own 20 s (spring.lifecycle.timeout-per-shutdown-phase) and the agent's stop-wait of 10 s.
        assertTrue(seconds > 30, () -> "terminationGracePeriodSeconds: " + seconds);
    }

    /** The settings of the agent that the ConfigMap holds. */
    static Properties settings() throws IOException {
        Properties settings = new Properties();
        settings.load(new StringReader(Manifests.text(
                Manifests.at(Manifests.document("deployment.yaml", "ConfigMap"), "data"),
                "idempotent-trace.properties")));
        return settings;
    }

    private static Map<String, String> environment(JsonElement container) {
        Map<String, String> variables = new TreeMap<>();
        for (JsonElement variable : Manifests.at(container, "env").getAsJsonArray()) {
            variables.put(Manifests.text(variable, "name"), Manifests.text(variable, "value"));
        }
        return variables;
    }

    private static String mountOf(JsonElement container, String volume) {
        for (JsonElement mount : Manifests.at(container, "volumeMounts").getAsJsonArray()) {
            if (Manifests.text(mount, "name").equals(volume)) {
                return Manifests.text(mount, "mountPath");
            }
        }
        throw new AssertionError("volume " + volume + " is not mounted by " + container);
    }
}
