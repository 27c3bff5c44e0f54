using System.Collections.Frozen;
using Processor.Cards;

namespace Processor.Authorization;

/// <summary>The programs of this host by number: a snapshot that is replaced as a whole when Postgres has news.</summary>
public sealed class ProgramDirectory
{
    private FrozenDictionary<int, Entry> entries = FrozenDictionary<int, Entry>.Empty;
    private BinRange[] ranges = [];

    /// <summary>Replaces all programs.</summary>
    /// <exception cref="ArgumentException">A time zone or a word of a credential profile is not known; nothing is replaced.</exception>
    public void Replace(IReadOnlyCollection<ProgramProfile> programs)
    {
        var next = programs.ToFrozenDictionary(program => program.Number, program => new Entry(program, CalendarWindows.Of(program.TimeZone), program.Credentials is { } credentials ? new(credentials) : null));
        Volatile.Write(ref ranges, [.. programs.SelectMany(program => program.BinRanges)]);
        Volatile.Write(ref entries, next);
    }

    /// <summary>True when the PAN has a right check digit and is of a range that some program issues.</summary>
    public bool Issues(Pan pan)
    {
        if (!pan.HasCheckDigit)
            return false;
        foreach (ref readonly var range in Volatile.Read(ref ranges).AsSpan())
        {
            if (range.Contains(pan))
                return true;
        }

        return false;
    }

    /// <summary>The profile of a program.</summary>
    public bool TryGet(int number, out ProgramProfile program, out CalendarWindows calendar)
    {
        var isKnown = Volatile.Read(ref entries).TryGetValue(number, out var entry);
        program = entry.Program;
        calendar = entry.Calendar;
        return isKnown;
    }

    /// <summary>What each program that checks credentials checks them with.</summary>
    public IEnumerable<CredentialProfile> CredentialProfiles =>
        Volatile.Read(ref entries).Values.Where(entry => entry is { Credentials: not null, Program.IsActive: true }).Select(entry => entry.Credentials!.Profile);

    /// <summary>What a program checks of credentials.</summary>
    /// <returns>False when it checks none, or is not known.</returns>
    public bool TryGetCredentials(int number, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out CredentialPlan? plan)
    {
        plan = Volatile.Read(ref entries).TryGetValue(number, out var entry) ? entry.Credentials : null;
        return plan is not null;
    }

    private readonly record struct Entry(ProgramProfile Program, CalendarWindows Calendar, CredentialPlan? Credentials);
}
