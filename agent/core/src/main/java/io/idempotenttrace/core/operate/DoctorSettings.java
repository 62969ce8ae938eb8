package io.idempotenttrace.core.operate;

import java.util.List;

/**
 * What an examination has to know of the settings.
 *
 * @param encrypted whether connections are TLS
 * @param password whether one is sent
 * @param hosts that the URL names
 * @param waitReplicas how many replicas each claim waits for
 * @param duplicateCache whether completed records are cached, which needs client tracking
 */
public record DoctorSettings(
        boolean encrypted, boolean password, List<String> hosts, int waitReplicas, boolean duplicateCache) {}
