using System.Globalization;

namespace Processor.Ledger;

/// <summary>A writer's fields in a partition's metadata.</summary>
/// <remarks>
/// <c>w7</c> is "number entry conflicts" of writer 7's last batch, which the commit script writes. While the writer is struck out it is
/// "struck moment" and then what it was: the script takes nothing from it. <c>b7</c> is a number that rises while the writer lives and
/// Postgres does not hear it.
/// </remarks>
internal static class WriterField
{
    private const string Struck = "struck ";

    // As if it had committed nothing: its first batch has a higher number.
    private const string NoBatch = "0 - ";

    internal static string Batch(int writer) => string.Create(CultureInfo.InvariantCulture, $"w{writer}");

    internal static string Beat(int writer) => string.Create(CultureInfo.InvariantCulture, $"b{writer}");

    /// <summary>The field of a writer that is struck out.</summary>
    /// <param name="value">What it is now; empty when the writer has committed nothing.</param>
    /// <param name="seenAt">When Postgres saw the writer last: tells apart two times at which it was struck out.</param>
    internal static string Strike(string value, DateTime seenAt) =>
        string.Create(CultureInfo.InvariantCulture, $"{Struck}{seenAt.Ticks} {(IsStruck(value) ? Restore(value) : value)}");

    internal static bool IsStruck(string value) => value.StartsWith(Struck, StringComparison.Ordinal);

    /// <summary>What the field of a writer that is struck out was before; any other as it is.</summary>
    internal static string Restore(string value)
    {
        if (!IsStruck(value))
            return value;
        var before = value[(value.IndexOf(' ', Struck.Length) + 1)..];
        return before.Length == 0 ? NoBatch : before;
    }

    /// <summary>The number of the last batch; 0 when there is none.</summary>
    internal static long NumberOf(string value)
    {
        var batch = Restore(value);
        return batch.Length == 0 ? 0 : long.Parse(batch.AsSpan(0, batch.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
    }
}
