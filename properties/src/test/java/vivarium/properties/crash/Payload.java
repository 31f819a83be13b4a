package vivarium.properties.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.zip.CRC32;

/**
 * What a writer stores: who wrote it, its number, filling of a length that depends on both, and a
 * checksum over all of it.
 */
record Payload(int writer, int number) {

    private static final int LONGEST_FILLING = 3000;
    private static final int CHECKSUM_LENGTH = 8;

    byte[] toBytes() {
        int filling = Math.floorMod((writer + 1) * 7919 * (number + 1), LONGEST_FILLING);
        String text = writer + ":" + number + ":" + "x".repeat(filling);
        return (text + checksum(text)).getBytes(US_ASCII);
    }

    /** Fails if a byte is missing or wrong. */
    static Payload parse(byte[] bytes) {
        String whole = new String(bytes, US_ASCII);
        int end = Math.max(0, whole.length() - CHECKSUM_LENGTH);
        String text = whole.substring(0, end);
        if (!whole.substring(end).equals(checksum(text))) {
            throw new AssertionError("torn: " + whole);
        }
        String[] parts = text.split(":", -1);
        return new Payload(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
    }

    private static String checksum(String text) {
        var crc = new CRC32();
        crc.update(text.getBytes(US_ASCII));
        return "%08x".formatted(crc.getValue());
    }
}
