namespace Processor.Switch;

/// <summary>What an endpoint does with the authentication codes that come in.</summary>
internal enum MacPolicy
{
    /// <summary>A message without a right one is refused.</summary>
    Required,

    /// <summary>One that came is right, or its message is refused.</summary>
    Present,

    /// <summary>They are not looked at.</summary>
    Ignored,
}
