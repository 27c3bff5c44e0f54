using System.Globalization;

namespace Processor.Ledger;

/// <summary>Redis has refused a command. The first word of the message says why.</summary>
internal sealed class RedisErrorException(string message) : Exception(message)
{
    /// <summary>Where the slot is from now on, when that is the reason.</summary>
    internal RedisEndpoint? Moved { get; } = RedirectionOf(message, "MOVED");

    /// <summary>Where this one command is to be sent after <c>ASKING</c>, for its slot is on its way there.</summary>
    internal RedisEndpoint? Asked { get; } = RedirectionOf(message, "ASK");

    /// <summary>True when it may be another node that serves: this one is a replica, or has lost the others.</summary>
    internal bool IsOfAnother => Others.Any(word => Message.StartsWith(word, StringComparison.Ordinal));

    /// <summary>True when it does not know the command, has it switched off, or keeps it from this user.</summary>
    internal bool IsUnwilling => Message.StartsWith("ERR ", StringComparison.Ordinal) || Message.StartsWith("NOPERM ", StringComparison.Ordinal);

    private static readonly string[] Others = ["READONLY ", "CLUSTERDOWN ", "MASTERDOWN "];

    // MOVED 3999 10.0.0.1:6381
    private static RedisEndpoint? RedirectionOf(string message, string word) =>
        message.Split(' ') is [var first, var slot, var target] && first == word
        && int.TryParse(slot, NumberStyles.None, CultureInfo.InvariantCulture, out _) && RedisEndpoint.TryParse(target, out var endpoint)
            ? endpoint
            : null;
}
