package org.apache.zookeeper.server;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.util.List;
import org.apache.jute.Record;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.data.ACL;
import org.apache.zookeeper.data.Id;
import org.apache.zookeeper.data.Stat;
import org.apache.zookeeper.proto.ReplyHeader;

/**
 * What a plug-in that was written for Apache's server is shown of a connection: where its client
 * is, which session it has, who it has proven to be, and a place for what it proves. The connection
 * itself belongs to this server, and whatever would act on it is refused. It is in this package
 * because only a class of this package can be such a connection.
 */
public final class BorrowedConnection extends ServerCnxn {
    private final InetSocketAddress remote;
    private final long sessionId;

    /**
     * @param sessionId 0 if it has none yet
     * @param known who the client has proven to be before
     */
    public BorrowedConnection(InetSocketAddress remote, long sessionId, List<Id> known) {
        super(null);
        this.remote = remote;
        this.sessionId = sessionId;
        known.forEach(this::addAuthInfo);
    }

    @Override
    public InetSocketAddress getRemoteSocketAddress() {
        return remote;
    }

    @Override
    public long getSessionId() {
        return sessionId;
    }

    /** The client ports have no TLS. */
    @Override
    public boolean isSecure() {
        return false;
    }

    @Override
    public Certificate[] getClientCertificateChain() {
        return new Certificate[0];
    }

    @Override
    public void setClientCertificateChain(Certificate[] chain) {
        throw refusal("setClientCertificateChain");
    }

    @Override
    int getSessionTimeout() {
        throw refusal("getSessionTimeout");
    }

    @Override
    public void close(DisconnectReason reason) {
        throw refusal("close");
    }

    @Override
    public int sendResponse(
            ReplyHeader header, Record record, String tag, String cacheKey, Stat stat, int op) {
        throw refusal("sendResponse");
    }

    @Override
    public void sendCloseSession() {
        throw refusal("sendCloseSession");
    }

    @Override
    public void process(WatchedEvent event, List<ACL> acl) {
        throw refusal("process");
    }

    @Override
    void setSessionId(long id) {
        throw refusal("setSessionId");
    }

    @Override
    void sendBuffer(ByteBuffer... buffers) {
        throw refusal("sendBuffer");
    }

    @Override
    void enableRecv() {
        throw refusal("enableRecv");
    }

    @Override
    void disableRecv(boolean waits) {
        throw refusal("disableRecv");
    }

    @Override
    void setSessionTimeout(int millis) {
        throw refusal("setSessionTimeout");
    }

    @Override
    protected ServerStats serverStats() {
        throw refusal("serverStats");
    }

    @Override
    public int getInterestOps() {
        throw refusal("getInterestOps");
    }

    private static UnsupportedOperationException refusal(String method) {
        return new UnsupportedOperationException(
                method + ": this server shows a plug-in a connection, and does not lend it");
    }
}
