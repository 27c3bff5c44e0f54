namespace Processor.Switch;

/// <summary>What a network management request asks for, by DE 70.</summary>
internal enum NetworkManagementAction
{
    /// <summary>Something that is not served.</summary>
    None = 0,

    /// <summary>The connection is to carry traffic.</summary>
    SignOn,

    /// <summary>The connection is to carry no more traffic.</summary>
    SignOff,

    /// <summary>Is somebody there.</summary>
    Echo,

    /// <summary>A new key for the link's PINs, or what else DE 53 or the key itself says, in DE 48 or DE 96.</summary>
    PinKey,

    /// <summary>A new key for the link's authentication codes, in DE 48 or DE 96.</summary>
    MacKey,
}
