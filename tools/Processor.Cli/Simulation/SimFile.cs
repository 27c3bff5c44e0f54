using Processor.Iso8583;

namespace Processor.Cli.Simulation;

/// <summary>A file of messages to send.</summary>
internal static class SimFile
{
    /// <summary>The format, for a person.</summary>
    public const string Help = """
        Sends the messages of a file one after the other and prints each with its answer, masked.

        The file holds JSON objects one after the other, in an array or not; // comments are skipped:
          { "name": "shop", "mti": "0100",
            "fields": { "2": "4761739001010010", "3": "000000", "4": "000000002500", "7": "${now}", "11": "${stan}",
                        "14": "3112", "32": "501234", "37": "${rrn}", "41": "DEMO0001", "49": "978" },
            "expect": { "mti": "0110", "39": "00", "38": "*", "14": "-", "37": "${sent.37}" } }
          { "mti": "0101", "fields": { "2": "${shop.2}", "11": "${shop.11}" }, "expect": { "38": "${shop.answer.38}" } }

        fields   content by data element; digits and text as they read, bytes as hexadecimal.
        expect   what the answer must hold: content, several with | between, * for any, - for none. Without it any
                 answer will do.
        name     what later messages call this one.
        ${stan} ${rrn} ${now} ${time} ${date}   a new trace number and retrieval reference, MMDDhhmmss, hhmmss, MMDD in UTC.
        ${NAME.11} ${NAME.answer.38}            what an earlier message or its answer held; last is the one before.
        ${sent.37}                              in expect: what this message held.
        Exit code 0 when each message got an answer as expected.
        """;

    private const long LengthMax = 16 * 1024 * 1024;

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="SimFileException">It is missing or wrong.</exception>
    public static IReadOnlyList<SimMessage> Load(string path, Dialect dialect)
    {
        byte[] json;
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: > LengthMax })
                throw new SimFileException($"{path} is longer than {LengthMax} bytes.");
            json = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SimFileException($"{path}: {exception.Message}", exception);
        }

        return new SimFileReader(json, path, dialect).Read();
    }
}
