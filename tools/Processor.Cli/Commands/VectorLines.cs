namespace Processor.Cli.Commands;

/// <summary>Answers a file of test vectors line by line; empty lines are passed over.</summary>
internal static class VectorLines
{
    /// <summary>Prints one line for each.</summary>
    /// <exception cref="UsageException">The file cannot be read.</exception>
    public static int Answer(string file, Func<string, string> answer, TextWriter output)
    {
        using var reader = Open(file);
        while (reader.ReadLine() is { } line)
        {
            if (!string.IsNullOrWhiteSpace(line))
                output.WriteLine(answer(line));
        }

        return ExitCode.Done;
    }

    private static TextReader Open(string file)
    {
        try
        {
            return file == "-" ? Console.In : new StreamReader(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{file}: {exception.Message}");
        }
    }
}
