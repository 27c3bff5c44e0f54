namespace Processor.Cli.Commands;

/// <summary>Asks a person for what must not be seen: nothing that is typed is shown, and no argument or environment variable has it.</summary>
internal class SecretPrompt(TextWriter notes)
{
    private const int LengthMax = 128;

    /// <summary>Asks for a line.</summary>
    /// <param name="question">What is asked, shown without what is answered.</param>
    /// <returns>The answer without blanks; the caller clears it.</returns>
    public virtual char[] Ask(string question)
    {
        notes.Write(question + ": ");
        notes.Flush();
        var typed = new char[LengthMax];
        var length = 0;
        while (Next() is { } letter && length < LengthMax)
        {
            if (letter == '\b')
                length = Math.Max(0, length - 1);
            else if (!char.IsWhiteSpace(letter))
                typed[length++] = letter;
        }

        notes.WriteLine();
        var answer = typed[..length];
        Array.Clear(typed);
        return answer;
    }

    // A pipe shows nothing either.
    private static char? Next()
    {
        if (Console.IsInputRedirected)
            return Console.In.Read() is var read and not (-1 or '\n') ? (char)read : null;
        var key = Console.ReadKey(intercept: true);
        return key.Key == ConsoleKey.Enter ? null : key.Key == ConsoleKey.Backspace ? '\b' : key.KeyChar;
    }
}
