import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.cql3.CQLFragmentParser;
import org.apache.cassandra.cql3.CqlParser;

/** Answers, for each base64 line of standard input, whether Cassandra's own parser takes that statement: + or -. */
public class Acceptance
{
    public static void main(String[] args) throws Exception
    {
        DatabaseDescriptor.clientInitialization();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine())
            System.out.println(accepts(new String(Base64.getDecoder().decode(line), StandardCharsets.UTF_8)) ? "+" : "-");
        System.exit(0);
    }

    private static boolean accepts(String statement)
    {
        try
        {
            CQLFragmentParser.parseAnyUnhandled(CqlParser::query, statement);
            return true;
        }
        catch (Throwable refused)
        {
            return false;
        }
    }
}
