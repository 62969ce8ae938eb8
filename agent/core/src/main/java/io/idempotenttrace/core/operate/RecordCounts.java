package io.idempotenttrace.core.operate;

import io.idempotenttrace.core.redisclient.RedisFailure;
import io.idempotenttrace.core.redisclient.ServerCommands;
import io.idempotenttrace.core.store.RecordId;
import io.idempotenttrace.core.store.RecordStatus;
import io.idempotenttrace.core.store.redis.RedisRecords;
import io.idempotenttrace.core.store.redis.RedisRecords.Name;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How many records there are, and what they take, by tenant, scope and status. Names are always counted one by one. Where there are millions,
 * not each record is read: of those that are, the shares of the statuses and the mean of the bytes count for the others of their tenant and
 * scope.
 */
public final class RecordCounts {

    private static final int ALWAYS_READ = 100;
    /** Counted, but there is no right to MEMORY USAGE. */
    private static final long UNKNOWN = -1;

    /**
     * One line.
     *
     * @param scope null for shared keys
     * @param status null for records whose status is none
     * @param bytes null where the user lacks the right to MEMORY USAGE
     */
    public record Line(
            String tenant,
            @Nullable String scope,
            @Nullable RecordStatus status,
            long records,
            @Nullable Long bytes) {}

    private final Map<String, Group> groups = new TreeMap<>();
    private final long readEvery;
    private boolean estimated;
    private boolean withoutBytes;

    /** @param readEvery of so many records, one is read; 1 for all */
    RecordCounts(long readEvery) {
        this.readEvery = readEvery;
    }

    /** The records of one tenant and scope. */
    private static final class Group {

        private final String tenant;
        private final @Nullable String scope;
        private final Map<RecordStatus, long[]> byStatus = new EnumMap<>(RecordStatus.class);
        private final long[] withoutStatus = new long[2];
        private long names;
        /** How many of the names were looked at. */
        private long read;

        private Group(RecordId id) {
            tenant = id.tenant();
            scope = id.scope();
        }

        private boolean isToBeRead(long readEvery) {
            return names <= ALWAYS_READ || names % readEvery == 0;
        }

        private void add(@Nullable RecordStatus status, long bytes) {
            long[] sum = status == null ? withoutStatus : byStatus.computeIfAbsent(status, first -> new long[2]);
            sum[0]++;
            sum[1] += bytes;
        }
    }

    /** Counts those of them that are meant; whether there is no reason to stop. */
    boolean add(RecordScan scan, RedisRecords records, RecordFilter filter, ServerCommands server, List<Name> names) {
        List<Name> toRead = new ArrayList<>();
        List<Group> theirs = new ArrayList<>();
        for (Name name : names) {
            Group group = groups.computeIfAbsent(order(name.id()), first -> new Group(name.id()));
            group.names++;
            if (group.isToBeRead(readEvery)) {
                toRead.add(name);
                theirs.add(group);
            } else {
                estimated = true;
            }
        }
        List<CompletableFuture<List<Object>>> sizes = new ArrayList<>();
        for (Name name : toRead) {
            sizes.add(
                    withoutBytes
                            ? CompletableFuture.completedFuture(List.of(UNKNOWN))
                            : server.command("MEMORY", RedisRecords.bytes("USAGE"), name.bytes()));
        }
        List<@Nullable RecordLook> looks = scan.read(server, toRead);
        for (int i = 0; i < toRead.size(); i++) {
            RecordLook look = looks.get(i);
            long bytes = records.await("memory usage", bytes(sizes.get(i)));
            theirs.get(i).read++;
            if (look != null && filter.contains(look)) {
                theirs.get(i).add(look.status(), Math.max(0, bytes));
            }
            withoutBytes |= bytes == UNKNOWN;
        }
        return true;
    }

    /** A record that has just expired takes nothing. */
    private static CompletableFuture<Long> bytes(CompletableFuture<List<Object>> size) {
        return size.handle((reply, failure) -> {
            if (failure == null) {
                return reply.get(0) instanceof Long number ? number : (Long) 0L;
            }
            return RedisFailure.isMissingRight(failure) ? (Long) UNKNOWN : (Long) 0L;
        });
    }

    /** Shared keys before scopes; no tenant and no scope has the separator encoded so. */
    private static String order(RecordId id) {
        StringBuilder order = new StringBuilder();
        RecordId.appendEncoded(id.tenant(), order);
        if (id.scope() != null) {
            RecordId.appendEncoded(id.scope(), order.append(':'));
        }
        return order.toString();
    }

    /** The lines, by tenant and scope. */
    public List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        for (Group group : groups.values()) {
            group.byStatus.forEach((status, sum) -> addLine(lines, group, status, sum));
            if (group.withoutStatus[0] > 0) {
                addLine(lines, group, null, group.withoutStatus);
            }
        }
        return lines;
    }

    private void addLine(List<Line> lines, Group group, @Nullable RecordStatus status, long[] sum) {
        double share = (double) group.names / group.read;
        lines.add(new Line(
                group.tenant,
                group.scope,
                status,
                Math.round(sum[0] * share),
                withoutBytes ? null : (Long) Math.round(sum[1] * share)));
    }

    /** How many records there are. */
    public long records() {
        return lines().stream().mapToLong(Line::records).sum();
    }

    /** How many of them are pending. */
    public long pending() {
        return lines().stream()
                .filter(line -> Objects.equals(line.status(), RecordStatus.PENDING))
                .mapToLong(Line::records)
                .sum();
    }

    /** Whether not each record was read. */
    public boolean isEstimate() {
        return estimated;
    }

    /** Of so many records, one was read. */
    public long readEvery() {
        return readEvery;
    }

    /** Whether the user lacks the right to MEMORY USAGE, so that no bytes are known. */
    public boolean lacksBytes() {
        return withoutBytes;
    }
}
