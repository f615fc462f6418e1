import java.io.*;
import java.math.*;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.QueryOptions;
import org.apache.cassandra.db.marshal.*;
import org.apache.cassandra.transport.ProtocolVersion;
import org.apache.cassandra.utils.ByteBufferUtil;
import org.apache.cassandra.utils.JsonUtils;

/**
 * Writes test-data/types: what Cassandra 5.0.8's own marshal classes say, for the tests of src/types.
 *   java -cp "$ORACLE_HOME/lib/*" Golden.java OUT_DIR
 */
public class Golden
{
    static final Random random = new Random(20);

    public static void main(String[] args) throws Exception
    {
        DatabaseDescriptor.clientInitialization();
        Path out = Paths.get(args[0]);
        try (PrintWriter w = writer(out, "doubles.txt")) { doubles(w); }
        try (PrintWriter w = writer(out, "floats.txt")) { floats(w); }
        try (PrintWriter w = writer(out, "texts.txt")) { texts(w); }
        try (PrintWriter w = writer(out, "order.txt")) { order(w); }
        try (PrintWriter w = writer(out, "from-string.txt")) { fromString(w); }
        try (PrintWriter w = writer(out, "from-json.txt")) { fromJson(w); }
        try (PrintWriter w = writer(out, "marshal-names.txt")) { marshalNames(w); }
        System.exit(0);
    }

    static PrintWriter writer(Path out, String name) throws IOException
    {
        return new PrintWriter(Files.newBufferedWriter(out.resolve(name)));
    }

    static String q(String s) { return JsonUtils.writeAsJsonString(s); }
    static String hex(ByteBuffer b) { return b == null ? "null" : ByteBufferUtil.bytesToHex(b); }

    static double randomDouble(int i)
    {
        switch (i % 8)
        {
            case 0: return Double.longBitsToDouble(random.nextLong());
            case 1: return random.nextDouble();
            case 2: return random.nextGaussian() * Math.pow(10, random.nextInt(30) - 10);
            case 3: return Math.round(random.nextDouble() * 100000) / (double) (1 << random.nextInt(20));
            case 4: return Math.scalb(1.0, random.nextInt(2098) - 1074);
            case 5: return Double.parseDouble((1 + random.nextInt(99)) + "e" + (random.nextInt(640) - 330));
            case 6: return (double) random.nextLong() / (1L << random.nextInt(11));
            default: return Double.longBitsToDouble(random.nextLong() >>> (12 + random.nextInt(50)));
        }
    }

    static float randomFloat(int i)
    {
        switch (i % 7)
        {
            case 0: return Float.intBitsToFloat(random.nextInt());
            case 1: return random.nextFloat();
            case 2: return (float) (random.nextGaussian() * Math.pow(10, random.nextInt(30) - 10));
            case 3: return Math.scalb(1f, random.nextInt(276) - 149);
            case 4: return Float.parseFloat((1 + random.nextInt(99)) + "e" + (random.nextInt(84) - 45));
            case 5: return (random.nextInt() >> 8) / 16f;
            default: return Float.intBitsToFloat(random.nextInt() >>> (9 + random.nextInt(20)));
        }
    }

    static void doubles(PrintWriter w)
    {
        for (double d : new double[]{ 0.0, -0.0, 1, -1, 1e23, 2e-3, 9007199254740993.0, 1e7, 9999999.999, 1e-3, 9.999e-4, Double.MIN_VALUE, Double.MAX_VALUE, Double.MIN_NORMAL, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Math.scalb(1, -44), 2e23 })
            w.println(String.format("%016x %s", Double.doubleToRawLongBits(d), d));
        for (int i = 0; i < 4000; i++)
        {
            double d = randomDouble(i);
            w.println(String.format("%016x %s", Double.doubleToRawLongBits(d), d));
        }
    }

    static void floats(PrintWriter w)
    {
        for (float f : new float[]{ 0f, -0f, 1f, 1e10f, 3.4e38f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.POSITIVE_INFINITY, 35905.3125f, 16777216f, 0.1f, 12345.678f, 1.17549435E-38f })
            w.println(String.format("%08x %s", Float.floatToRawIntBits(f), f));
        for (int i = 0; i < 4000; i++)
        {
            float f = randomFloat(i);
            w.println(String.format("%08x %s", Float.floatToRawIntBits(f), f));
        }
    }

    static final String P = "org.apache.cassandra.db.marshal.";
    static final String UDT = "UserType(ks,506f696e74,78:Int32Type,59:UTF8Type,696e6e6572:FrozenType(ListType(Int32Type)))";

    static final String[] TYPES = {
        "AsciiType", "LongType", "BytesType", "BooleanType", "SimpleDateType", "DecimalType", "DoubleType", "DurationType",
        "FloatType", "InetAddressType", "Int32Type", "ShortType", "UTF8Type", "TimeType", "TimestampType", "TimeUUIDType",
        "ByteType", "UUIDType", "IntegerType",
        "FrozenType(ListType(Int32Type))", "FrozenType(SetType(UTF8Type))", "FrozenType(MapType(Int32Type,UTF8Type))",
        "FrozenType(MapType(DoubleType,FrozenType(ListType(TimestampType))))", "FrozenType(SetType(TimeUUIDType))",
        "TupleType(Int32Type,UTF8Type,DecimalType)", "FrozenType(" + UDT + ")", "VectorType(FloatType, 3)", "VectorType(UTF8Type, 2)",
        "VectorType(Int32Type, 2)", "FrozenType(MapType(TupleType(Int32Type,UTF8Type),UUIDType))", "VectorType(FrozenType(ListType(ByteType)), 2)",
    };

    static String randomText()
    {
        String alphabet = "ab:@'\"\\{}\u0000\u0001\n\r\t\u001f\u007f\u0080éß漢😀𝄞 ~/";
        int n = random.nextInt(6);
        StringBuilder sb = new StringBuilder();
        int[] points = alphabet.codePoints().toArray();
        for (int i = 0; i < n; i++) sb.appendCodePoint(points[random.nextInt(points.length)]);
        return sb.toString();
    }

    static ByteBuffer randomValue(AbstractType<?> t)
    {
        if (t.isReversed()) t = t.unwrap();
        if (t instanceof AsciiType) { byte[] b = new byte[random.nextInt(5)]; for (int i = 0; i < b.length; i++) b[i] = (byte) random.nextInt(128); return ByteBuffer.wrap(b); }
        if (t instanceof UTF8Type) return UTF8Type.instance.decompose(randomText());
        if (t instanceof LongType) return LongType.instance.decompose(random.nextLong() >> random.nextInt(64));
        if (t instanceof BytesType) { byte[] b = new byte[random.nextInt(5)]; random.nextBytes(b); return ByteBuffer.wrap(b); }
        if (t instanceof BooleanType) return BooleanType.instance.decompose(random.nextBoolean());
        if (t instanceof SimpleDateType) return ByteBufferUtil.bytes(random.nextBoolean() ? random.nextInt() : Integer.MIN_VALUE + random.nextInt(40000));
        if (t instanceof DecimalType) return DecimalType.instance.decompose(new BigDecimal(new BigInteger(random.nextInt(90), random).subtract(BigInteger.valueOf(random.nextInt())), random.nextInt(40) - 15));
        if (t instanceof DoubleType) return DoubleType.instance.decompose(randomDouble(random.nextInt(8)));
        if (t instanceof FloatType) return FloatType.instance.decompose(randomFloat(random.nextInt(7)));
        if (t instanceof DurationType) { int s = random.nextBoolean() ? 1 : -1; return DurationType.instance.decompose(org.apache.cassandra.cql3.Duration.newInstance(s * (random.nextInt() >>> (1 + random.nextInt(31))), s * (random.nextInt() >>> (1 + random.nextInt(31))), s * (random.nextLong() >>> (1 + random.nextInt(63))))); }
        if (t instanceof InetAddressType) { byte[] b = new byte[random.nextBoolean() ? 4 : 16]; if (random.nextInt(3) > 0) random.nextBytes(b); if (b.length == 16 && random.nextInt(4) == 0) { for (int i = 0; i < 10; i++) b[i] = 0; b[10] = b[11] = -1; } return ByteBuffer.wrap(b); }
        if (t instanceof Int32Type) return Int32Type.instance.decompose(random.nextInt() >> random.nextInt(32));
        if (t instanceof ShortType) return ShortType.instance.decompose((short) random.nextInt());
        if (t instanceof ByteType) return ByteType.instance.decompose((byte) random.nextInt());
        if (t instanceof TimeType) return TimeType.instance.decompose((random.nextLong() & Long.MAX_VALUE) % 86400000000000L);
        if (t instanceof TimestampType) return ByteBufferUtil.bytes(random.nextLong() >> random.nextInt(64));
        if (t instanceof TimeUUIDType) return ByteBuffer.wrap(uuid(1));
        if (t instanceof UUIDType) return ByteBuffer.wrap(uuid(random.nextInt(3) == 0 ? 1 : random.nextInt(16)));
        if (t instanceof IntegerType) { byte[] b = new byte[1 + random.nextInt(12)]; random.nextBytes(b); if (random.nextInt(4) == 0) b[0] = (byte) (random.nextBoolean() ? 0 : -1); return ByteBuffer.wrap(b); }
        if (t instanceof ListType) { List<Object> l = new ArrayList<>(); for (int i = random.nextInt(4); i > 0; i--) l.add(compose(((ListType<?>) t).getElementsType())); return ((ListType) t).decompose(l); }
        if (t instanceof SetType) { Set<Object> l = new LinkedHashSet<>(); for (int i = random.nextInt(4); i > 0; i--) l.add(compose(((SetType<?>) t).getElementsType())); return ((SetType) t).decompose(l); }
        if (t instanceof MapType) { Map<Object, Object> l = new LinkedHashMap<>(); for (int i = random.nextInt(4); i > 0; i--) l.put(compose(((MapType<?, ?>) t).getKeysType()), compose(((MapType<?, ?>) t).getValuesType())); return ((MapType) t).decompose(l); }
        if (t instanceof VectorType) { List<Object> l = new ArrayList<>(); for (int i = 0; i < ((VectorType<?>) t).dimension; i++) l.add(compose(((VectorType<?>) t).elementType)); return ((VectorType) t).decompose(l); }
        if (t instanceof TupleType)
        {
            TupleType tt = (TupleType) t;
            ByteBuffer[] c = new ByteBuffer[random.nextInt(4) == 0 ? 1 + random.nextInt(tt.size()) : tt.size()];
            for (int i = 0; i < c.length; i++) c[i] = random.nextInt(4) == 0 ? null : randomValue(tt.type(i));
            return TupleType.buildValue(c);
        }
        throw new AssertionError(t);
    }

    static Object compose(AbstractType<?> t) { return t.compose(randomValue(t)); }

    static byte[] uuid(int version)
    {
        byte[] b = new byte[16];
        random.nextBytes(b);
        if (random.nextBoolean()) { for (int i = 0; i < 8; i++) b[i] = (byte) (b[i] & 1); }
        b[6] = (byte) ((b[6] & 0x0f) | (version << 4));
        return b;
    }

    static void texts(PrintWriter w) throws Exception
    {
        for (String name : TYPES)
        {
            AbstractType<?> t = TypeParser.parse(name);
            for (int i = 0; i < 40; i++)
            {
                ByteBuffer v = randomValue(t);
                String json = attempt(() -> t.toJSONString(v.duplicate(), ProtocolVersion.V5));
                String text = attempt(() -> t.getString(v.duplicate()));
                String literal = attempt(() -> t.toCQLString(v.duplicate()));
                w.println(name + "\t" + hex(v) + "\t" + q(json) + "\t" + q(text) + "\t" + q(literal));
            }
        }
    }

    interface Text { String get() throws Exception; }

    static String attempt(Text t)
    {
        try { return t.get(); }
        catch (Throwable e) { return "!" + e.getClass().getSimpleName(); }
    }

    static void order(PrintWriter w) throws Exception
    {
        for (String name : TYPES)
        {
            AbstractType<?> t = TypeParser.parse(name);
            for (int i = 0; i < 120; i++)
            {
                ByteBuffer a = empty(t, name) ? ByteBufferUtil.EMPTY_BYTE_BUFFER : randomValue(t);
                ByteBuffer b = empty(t, name) ? ByteBufferUtil.EMPTY_BYTE_BUFFER : i % 5 == 0 ? a : randomValue(t);
                w.println(name + "\t" + hex(a) + "\t" + hex(b) + "\t" + Integer.signum(t.compare(a.duplicate(), b.duplicate())));
            }
        }
    }

    static boolean empty(AbstractType<?> t, String name) { return t.allowsEmpty() && !name.contains("TupleType") && random.nextInt(25) == 0; }

    static void one(PrintWriter w, String type, String input) throws Exception
    {
        AbstractType<?> t = TypeParser.parse(type);
        String result;
        try { result = hex(t.fromString(input)); }
        catch (Throwable e) { result = "! " + e.getMessage(); }
        w.println(type + "\t" + q(input) + "\t" + q(result));
    }

    static void fromString(PrintWriter w) throws Exception
    {
        String[] numbers = { "", "0", "1", "-1", "+1", "127", "128", "-128", "-129", "32767", "32768", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "007", "1.0", "1e3", " 1", "1 ", "abc", "--1", "0x1", "1_000", "123456789012345678901234567890", "-" };
        for (String t : new String[]{ "ByteType", "ShortType", "Int32Type", "LongType", "IntegerType", "DecimalType", "FloatType", "DoubleType", "CounterColumnType" })
            if (!t.equals("CounterColumnType")) for (String s : numbers) one(w, t, s);
        for (String t : new String[]{ "FloatType", "DoubleType", "DecimalType" })
            for (String s : new String[]{ "1.5", "-1.5", ".5", "5.", ".", "1e10", "1E-10", "1e400", "-1e400", "1e-400", "NaN", "-NaN", "Infinity", "-Infinity", "+Infinity", "infinity", "1.5f", "1.5d", "1.5D", "0x1p3", "0x1.8p1", "-0x.8p0", "0x1", " 1.5 ", "\t1.5\n", "1.5e", "e5", "1..5", "1.00000017881393432617187499", "1.00000017881393432617187500", "1.00000017881393432617187501", "16777217", "16777219.0000000000001", "3.4028235677973366e38", "3.4028235677973365e38", "1e-45", "7.006492321624085e-46", "7.006492321624086e-46", "-0.0", "0e-10", "0.000000", "1e2147483647", "1e-2147483647", "1e2147483648", "1e-2147483649", "123.4500", "1E+5", "-.5e-3", "1e99999999999", "1,5" })
                one(w, t, s);
        for (String s : new String[]{ "true", "TRUE", "True", "false", "FALSE", "", "yes", "1", "0", " true", "t" }) one(w, "BooleanType", s);
        for (String t : new String[]{ "UUIDType", "TimeUUIDType" })
            for (String s : new String[]{ "", "550e8400-e29b-11d4-a716-446655440000", "550E8400-E29B-11D4-A716-446655440000", "550e8400-e29b-41d4-a716-446655440000", "550e8400e29b41d4a716446655440000", "550e8400-e29b-41d4-a716-44665544000", "not a uuid", "{550e8400-e29b-41d4-a716-446655440000}", "now" })
                one(w, t, s);
        for (String s : new String[]{ "", "127.0.0.1", "1.2.3", "1.2", "1", "256.1.1.1", "1.2.3.256", "1.2.65535", "1.2.65536", "1.16777215", "1.16777216", "4294967295", "4294967296", "::", "::1", "1::", "2001:db8::1", "2001:DB8:0:0:0:0:0:1", "::ffff:1.2.3.4", "::1.2.3.4", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1:::2", ":1", "1:", "[::1]", "12345::", "g::", "1.2.3.4.5", "01.02.03.04", "1:2:3:4:5:6:1.2.3.4", "1::2::3", "[1.2.3.4]", "::ffff:0:0" })
            one(w, "InetAddressType", s);
        for (String s : new String[]{ "", "0", "ab", "AB", "abc", "0xab", "zz", " ab" }) one(w, "BytesType", s);
        for (String s : new String[]{ "", "abc", "é", "a\u0000b", "日本", "😀x" }) { one(w, "AsciiType", s); one(w, "UTF8Type", s); }
        for (String s : new String[]{ "", "1970-01-01", "2147483648", "0", "4294967295", "4294967296", "-1", "2011-02-29", "2012-02-29", "2011-2-3", "1969-12-31", "-5877641-06-23", "-5877641-06-22", "+5881580-07-11", "5881580-07-11", "+5881580-07-12", "0000-01-01", "-0001-01-01", "-0000-01-01", "12011-01-01", "+12011-01-01", "+2011-01-01", "9999-12-31", "2011-13-01", "2011-00-10", "2011-01-32", "2011-02-03T00:00", "2011-02-03Z", " 2011-02-03", "99999999999", "2147483647", "9223372036854775808", "+9999999999-01-01", "-999999999-01-01" })
            one(w, "SimpleDateType", s);
        for (String s : new String[]{ "", "0", "86399999999999", "86400000000000", "-1", "00:00:00", "23:59:59.999999999", "24:00:00", "12:60:00", "12:00:60", "1:2:3", "01:02", "01:02:03.", "01:02:03.1", "01:02:03.1234567890", "01:02:03.+12", "01:02:03.12a", " 01:02:03 ", "01:02:03:04", "-1:02:03", "+1:02:03", "01:02:3.5", "a:b:c", ":01:02", "01::02", "001:002:003", "9223372036854775808", "01:02:03.-5", "01: 02:03" })
            one(w, "TimeType", s);
        for (String s : new String[]{ "", "0s", "1y2mo3w4d5h6m7s8ms9us10ns", "1Y2MO3W4D5H6M7S8MS9US10NS", "1µs", "1h1h", "1m1h", "1mo1y", "-1d", "--1d", "1", "d", "1d ", " 1d", "1x", "1d2", "P1Y2M3DT4H5M6S", "-P1Y2M3DT4H5M6S", "P", "PT", "P1D", "PT1H", "P1W", "P1WT1H", "P1W1D", "P0001-02-03T04:05:06", "P1-02-03T04:05:06", "-P0001-02-03T04:05:06", "P1.5D", "2147483647d", "2147483648d", "178956970y7mo", "178956970y8mo", "178956971y", "306783378w1d", "306783378w2d", "2562047h47m16s854ms775us807ns", "2562047h47m16s854ms775us808ns", "9223372036854775807ns", "9223372036854775808ns", "99999999999999999999d", "1.5h", "1d-2h", "1ms2s", "p1d", "1mO2d", "1d1w", "P1M1Y", "PT1S1M", "1y1y", "1w1w", "1ns1us" })
            one(w, "DurationType", s);
        timestamps(w);
        for (String s : new String[]{ "", "1:a:2.5", "1", "1:@:2.5", "@:@:@", "1:a\\:b:2", "1:a\\@b:2", "1:a:2:3", "x:a:2", "::", "1:a:" }) one(w, "TupleType(Int32Type,UTF8Type,DecimalType)", s);
        for (String s : new String[]{ "", "00000001", "xyz" }) { one(w, "FrozenType(ListType(Int32Type))", s); one(w, "VectorType(FloatType, 3)", s); }
    }

    static void timestamps(PrintWriter w) throws Exception
    {
        String[] dates = { "2011-02-03", "2011-2-3", "11-2-3", "0001-01-01", "0000-01-01", "-0001-01-01", "2011-02-31", "2011-02-32", "2011-13-01", "2012-02-30", "12011-02-03", "+12011-02-03", "2011-002-003", "9999-12-31", "2011-04-31", "+2011-02-03", "99999999999-01-01", "+999999999-12-31", "+292278994-08-17", "+292278995-08-17", "-292275055-05-16", "1-1-1", "2011-00-03", "2011-01-00" };
        String[] times = { "", " 04:05", "T04:05", " 4:5", " 04:05:00", "T04:05:00.1", " 04:05:00.12", " 04:05:00.123", "T04:05:00.1239", " 04:05:00.123456789", " 04:05:00.1234567890", " 04:05:00.", " 04:05.5", " 24:00", " 24:00:00", " 24:01", " 25:00", " 04:60", " 04:05:60", "  04:05", "t04:05", " 04" };
        String[] zones = { "", "Z", " Z", "z", "+01", "+0130", "+01:30", " +01", " +0130", " +01:30", " +01:30:15", "+01:30:15", "-0800", " -08:00", "+1", "+18", "+1801", "-18:00", "+19", " UTC", " GMT", " UT", " UTC+01:00", " GMT+1", " GMT+01:00", " Europe/Paris", " America/New_York", " europe/paris", "UTC", " EST", " PST", " PDT", " CET", " MST", " HST", " JST", " IST", " CST", " BST", " Nowhere/Land", " +00:00", "-00:00", "  Z", " Etc/GMT+5", " EST5EDT", "+0160", " CEST", " EDT", " MDT", " CDT", " AEST" };
        for (String d : dates) for (String t : new String[]{ "", " 04:05", "T04:05:06.789", " 24:00" }) one(w, "TimestampType", d + t);
        for (String t : times) for (String z : new String[]{ "", "Z", "+0200", " UTC" }) one(w, "TimestampType", "2011-02-03" + t + z);
        for (String z : zones) for (String t : new String[]{ "", " 04:05", "T04:05:06.789" }) one(w, "TimestampType", "2011-02-03" + t + z);
        for (String d : new String[]{ "-0001-01-01", "0000-01-01", "+12011-02-03", "2011-02-31" }) for (String z : new String[]{ "", "Z", "+01:30", "+0130", " UTC", " Z", "+01" }) one(w, "TimestampType", d + z);
        for (String s : new String[]{ "2011-03-27 02:30 Europe/Paris", "2011-10-30 02:30 Europe/Paris", "2011-03-27 01:59:59 Europe/Paris", "2011-03-27 03:00 Europe/Paris", "1900-01-01 00:00 Europe/Paris", "2011-07-01 00:00 America/New_York", "2011-07-01 00:00 EST", "2011-07-01 00:00 PST", "0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "+5", "", "x", "2011", "2011-02", "20110203", "2011/02/03", "2011-02-03 04:05:06,789", "12:00" })
            one(w, "TimestampType", s);
    }

    static void json(PrintWriter w, String type, String input) throws Exception
    {
        AbstractType<?> t = TypeParser.parse(type);
        String result;
        try
        {
            Object parsed = JsonUtils.decodeJson(input);
            result = hex(t.fromJSONObject(parsed).bindAndGet(QueryOptions.DEFAULT));
        }
        catch (Throwable e) { result = "! " + e.getMessage(); }
        w.println(type + "\t" + q(input) + "\t" + q(result));
    }

    static void fromJson(PrintWriter w) throws Exception
    {
        String[] inputs = { "1", "-1", "0", "128", "40000", "3000000000", "12345678901234567890", "1.0", "1.50", "1e3", "1e400", "-0", "-0.0", "true", "false", "\"\"", "\"1\"", "\"abc\"", "\"1.5\"", "\"true\"", "\"0x00ff\"", "\"00ff\"", "\"0xf\"", "[]", "{}", "[1, 2]", "[1, null]", "[\"a\", 1.5, true, {\"b\": [null]}]", "{\"a\": 1, \"b\": \"x\"}", "\"2011-02-03\"", "\"2011-02-03 04:05:06.789Z\"", "\"04:05:06\"", "\"1d2h\"", "\"127.0.0.1\"", "\"550e8400-e29b-11d4-a716-446655440000\"", "1297000000000", "\"[1, 2]\"", "\"{\\\"1\\\": \\\"a\\\"}\"", "\"é\"" };
        for (String type : TYPES) for (String s : inputs) json(w, type, s);
        for (String s : new String[]{ "{\"1\": \"a\", \"2\": \"b\"}", "{\"2\": \"b\", \"1\": \"a\", \"01\": \"c\"}", "{\"1\": null}", "{\"x\": \"a\"}", "{\"1\": 5}" }) json(w, "FrozenType(MapType(Int32Type,UTF8Type))", s);
        for (String s : new String[]{ "[\"b\", \"a\", \"b\"]", "[1]", "[null]" }) json(w, "FrozenType(SetType(UTF8Type))", s);
        for (String s : new String[]{ "{\"x\": 1}", "{\"X\": 1, \"\\\"Y\\\"\": \"t\"}", "{\"y\": \"t\"}", "{\"x\": null, \"inner\": [1, 2]}", "{\"x\": 1, \"zzz\": null}", "{\"x\": 1, \"zzz\": 5}", "{\"inner\": \"[5]\"}" }) json(w, "FrozenType(" + UDT + ")", s);
        for (String s : new String[]{ "[1, \"a\", 2.5]", "[1, \"a\"]", "[1, \"a\", 2, 3]", "[null, null, null]", "[1, null, \"1.50\"]", "\"[1, null, 7]\"" }) json(w, "TupleType(Int32Type,UTF8Type,DecimalType)", s);
        for (String s : new String[]{ "[1, 2, 3]", "[1.5, -2, 1e3]", "[1, 2]", "[1, 2, null]", "[1, 2, 3, 4]", "\"[1, 2, 3]\"", "[1, \"x\", 3]" }) json(w, "VectorType(FloatType, 3)", s);
        for (String s : new String[]{ "[\"a\", \"\"]", "[\"a\"]" }) json(w, "VectorType(UTF8Type, 2)", s);
        for (String s : new String[]{ "1.10", "100", "1E+2", "123456789.123456789123456789", "\"123456789.123456789123456789\"", "0.1", "1e-7" }) json(w, "DecimalType", s);
    }

    static void marshalNames(PrintWriter w) throws Exception
    {
        List<String> names = new ArrayList<>(Arrays.asList(TYPES));
        names.addAll(Arrays.asList("CounterColumnType", "EmptyType", "ListType(Int32Type)", "SetType( UTF8Type )", "MapType(Int32Type , ListType(UTF8Type))", UDT,
            "FrozenType(MapType(UTF8Type,MapType(Int32Type,ListType(UTF8Type))))", "ListType(FrozenType(ListType(Int32Type)))", "ListType(TupleType(Int32Type,ListType(UTF8Type)))",
            "TupleType(FrozenType(ListType(Int32Type)),SetType(UTF8Type))", "VectorType(VectorType(FloatType,2),3)", "VectorType(ListType(Int32Type) , 2)", "ListType(VectorType(FloatType, 2))", "FrozenType(ListType(VectorType(ListType(Int32Type), 2)))",
            "ReversedType(Int32Type)", "ReversedType(FrozenType(ListType(Int32Type)))", "CompositeType(Int32Type,UTF8Type)", "CompositeType(UTF8Type,ReversedType(LongType))", "DynamicCompositeType(a=>AsciiType,b=>BytesType)", "LexicalUUIDType", "DateType",
            "UserType(ks,6e,61:" + UDT + ",62:ListType(Int32Type))", "FrozenType(UserType(ks,6e,61:" + UDT + ",62:ListType(Int32Type)))", "MapType(FrozenType(" + UDT + "),FrozenType(SetType(Int32Type)))",
            P + "UTF8Type", P + "FrozenType(" + P + "ListType(" + P + "UTF8Type))"));
        for (String name : names)
        {
            AbstractType<?> t = TypeParser.parse(name);
            w.println(q(name) + "\t" + q(t.toString()) + "\t" + q(t.asCQL3Type().toString()) + "\t" + t.valueLengthIfFixed());
        }
    }
}
