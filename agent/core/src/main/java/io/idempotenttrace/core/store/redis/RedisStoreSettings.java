package io.idempotenttrace.core.store.redis;

import io.idempotenttrace.config.ResultKeys;
import io.idempotenttrace.core.redisclient.RedisSettings;
import java.util.List;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the store of records in Redis has to be told.
 *
 * @param server where Redis is, and how to connect
 * @param keyPrefix how the names of all records and channels begin, before {@code ':'}, which it has none of
 * @param commandTimeoutMillis how long a call waits for one answer; above 0
 * @param durability which replicas and disks must have a claim
 * @param duplicateCacheBytes memory for completed records that were met as duplicates twice; 0 for none
 * @param mostResultBytes by scope, null for shared keys: a longer result is not fetched, as if none were stored
 * @param resultKeys encrypt and decrypt results; empty where results are stored as they are
 * @param plainResults whether a result that is not encrypted counts though there are keys
 * @param logPeriodMillis how long nothing is said of what repeats; above 0
 */
public record RedisStoreSettings(
        RedisSettings server,
        String keyPrefix,
        long commandTimeoutMillis,
        Durability durability,
        long duplicateCacheBytes,
        ToLongFunction<@Nullable String> mostResultBytes,
        List<ResultKeys.Key> resultKeys,
        boolean plainResults,
        long logPeriodMillis) {}
