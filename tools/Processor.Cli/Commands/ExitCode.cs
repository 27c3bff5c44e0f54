namespace Processor.Cli.Commands;

/// <summary>What the shell hears.</summary>
internal static class ExitCode
{
    /// <summary>Done, and everything was as expected.</summary>
    public const int Done = 0;

    /// <summary>Done, but something was not as expected: a bad message, a wrong or missing answer, no connection.</summary>
    public const int Failed = 1;

    /// <summary>Not begun: wrong arguments, a wrong file or an unknown dialect.</summary>
    public const int Usage = 2;
}
