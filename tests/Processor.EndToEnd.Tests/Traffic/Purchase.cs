using System.Globalization;

namespace Processor.EndToEnd.Tests;

/// <summary>A purchase or an inquiry, and what remains of it as far as its sender was told.</summary>
internal sealed class Purchase(Exchange exchange, NetworkSender sender, bool isPosted, bool movesMoney)
{
    /// <summary>The request and its answers.</summary>
    internal Exchange Exchange => exchange;

    /// <summary>Where it was sent.</summary>
    internal NetworkSender Sender => sender;

    /// <summary>The amount that remains after a reversal; null when none was answered.</summary>
    internal long? Remaining { get; set; }

    /// <summary>Minor units that stay held.</summary>
    internal long Held => isPosted ? 0 : Standing;

    /// <summary>Change of the posted balance, minor units.</summary>
    internal long Posted => isPosted ? -Standing : 0;

    /// <summary>What still stands of it, minor units.</summary>
    internal long Standing => exchange.IsApproved && movesMoney ? Remaining ?? long.Parse(exchange.Decision![4]!, CultureInfo.InvariantCulture) : 0;
}
