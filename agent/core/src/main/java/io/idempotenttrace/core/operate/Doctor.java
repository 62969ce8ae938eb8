package io.idempotenttrace.core.operate;

import io.idempotenttrace.IdempotencyStoreException;
import io.idempotenttrace.core.redisclient.RedisLink;
import io.idempotenttrace.core.redisclient.RedisLink.Primary;
import io.idempotenttrace.core.store.redis.RedisRecords;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Examines whether Redis, and the way to it, are fit for the agent. It changes no key. Of a Cluster each primary is examined; what is well
 * everywhere is said once.
 */
public final class Doctor {

    private final RedisRecords records;
    private final DoctorSettings settings;
    private final RecordFilter filter;
    private final Consumer<Finding> each;

    /**
     * @param records not connected yet; closed by {@link #examine}
     * @param filter the records that are looked at
     * @param each told of each finding as it is made
     */
    public Doctor(RedisRecords records, DoctorSettings settings, RecordFilter filter, Consumer<Finding> each) {
        this.records = records;
        this.settings = settings;
        this.filter = filter;
        this.each = each;
    }

    /** Examines; whether the server could be reached. */
    public boolean examine() {
        try (records) {
            RedisLink link;
            try {
                link = records.connect();
            } catch (IdempotencyStoreException e) {
                boolean login = OperatedStore.isLoginRefused(e);
                each.accept(Finding.fail(
                        login ? "login" : "reach",
                        String.valueOf(e.getMessage()),
                        login
                                ? "give the user and the password in redis-url, or redis-password-file"
                                : "check redis-url, that the server runs, and the network between"));
                return false;
            }
            examine(link);
            return true;
        }
    }

    private void examine(RedisLink link) {
        List<Probe> servers = new ArrayList<>();
        for (Primary primary : link.primaries()) {
            try {
                servers.add(Probe.of(records, link, primary));
            } catch (IdempotencyStoreException e) {
                each.accept(Finding.fail(
                        "reach",
                        "the primary " + primary.name() + " can't be reached: " + e.getMessage(),
                        "check that it runs, and the network between"));
            }
        }
        each.accept(Finding.ok(
                "reach",
                records.connector().server()
                        + (link.isCluster() ? ", a Cluster of " + servers.size() + " primaries" : "")));
        ServerChecks checks = new ServerChecks(settings);
        at(servers, checks::version);
        each.accept(tls());
        if (link.isCluster() && !servers.isEmpty()) {
            each.accept(ClusterCheck.of(servers.get(0)));
        }
        at(servers, checks::writes);
        at(servers, checks::eviction);
        at(servers, checks::memory);
        at(servers, checks::persistence);
        at(servers, checks::replicas);
        at(servers, TimingChecks::clock);
        at(servers, server -> ServerChecks.scripts(records, link, server));
        at(servers, server -> TimingChecks.roundTrip(server, records.commandTimeoutMillis()));
        if (!servers.isEmpty()) {
            new RightsCheck(records, link, settings, servers, each).run();
        }
        RecordsCheck.run(new RecordScan(records, link, scope -> 1), filter, each);
    }

    private void at(List<Probe> servers, Function<Probe, Finding> check) {
        List<Finding> findings = new ArrayList<>();
        for (Probe server : servers) {
            findings.add(check.apply(server));
        }
        if (ServerChecks.areAllOk(findings)) {
            findings.stream().limit(1).forEach(each);
            return;
        }
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            if (finding.result() != Finding.Result.OK) {
                each.accept(
                        servers.size() == 1
                                ? finding
                                : new Finding(
                                        finding.check(),
                                        finding.result(),
                                        servers.get(i).name + ": " + finding.message(),
                                        finding.fix()));
            }
        }
    }

    private Finding tls() {
        if (settings.encrypted()) {
            return Finding.ok("tls", "connections are encrypted");
        }
        for (String host : settings.hosts()) {
            if (settings.password() && !isLocal(host)) {
                return Finding.warn(
                        "tls",
                        "the password and all records go to " + host + " as they are: who listens between has them",
                        "let Redis listen with TLS, and write rediss:// in redis-url");
            }
        }
        return Finding.ok(
                "tls",
                settings.password()
                        ? "not encrypted, and not needed on one machine"
                        : "not encrypted, without a password");
    }

    private static boolean isLocal(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
