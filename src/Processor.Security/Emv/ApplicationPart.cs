namespace Processor.Security;

/// <summary>Which part of the application data a cryptogram covers.</summary>
internal enum ApplicationPart : byte
{
    /// <summary>All of it.</summary>
    Whole,

    /// <summary>The four bytes of card verification results after length, index and version.</summary>
    VisaResults,

    /// <summary>Six bytes of card verification results.</summary>
    MChipResults,

    /// <summary>Six bytes of card verification results and eight of counters.</summary>
    MChipCounters,
}
