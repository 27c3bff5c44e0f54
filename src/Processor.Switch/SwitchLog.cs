using Microsoft.Extensions.Logging;
using Processor.Cards;
using Processor.Iso8583;

namespace Processor.Switch;

/// <summary>What the switch logs. No line carries content of a message: elements are named by number, places by offset.</summary>
internal static partial class SwitchLog
{
    [LoggerMessage(2001, LogLevel.Information, "{Endpoint} {Connection}: connected.")]
    internal static partial void Connected(ILogger log, string endpoint, string connection);

    [LoggerMessage(2002, LogLevel.Information, "{Endpoint} {Connection}: disconnected.")]
    internal static partial void Disconnected(ILogger log, string endpoint, string connection);

    [LoggerMessage(2003, LogLevel.Information, "{Endpoint} {Connection}: lost: {Problem}")]
    internal static partial void ConnectionLost(ILogger log, string endpoint, string connection, string problem);

    [LoggerMessage(2004, LogLevel.Warning, "{Endpoint} {Connection}: a frame length that cannot be; framing is lost, so the connection is closed.")]
    internal static partial void FramingLost(ILogger log, string endpoint, string connection);

    [LoggerMessage(2005, LogLevel.Warning, "{Endpoint} {Connection}: the peer closed within a frame, {Length} bytes of it came.")]
    internal static partial void FrameCut(ILogger log, string endpoint, string connection, long length);

    [LoggerMessage(2006, LogLevel.Warning, "{Endpoint} {Connection}: closed because its answers cannot be sent: {End}.")]
    internal static partial void OutputEnded(ILogger log, Exception? failure, string endpoint, string connection, OutputEnd end);

    [LoggerMessage(2010, LogLevel.Warning, "{Endpoint} {Connection}: message {Mti} rejected: {Error}.")]
    internal static partial void Malformed(ILogger log, string endpoint, string connection, Mti mti, ParseError error);

    [LoggerMessage(2011, LogLevel.Warning, "{Endpoint} {Connection}: message {Mti} rejected: DE{Element} {Problem}.")]
    internal static partial void Incomplete(ILogger log, string endpoint, string connection, Mti mti, int element, string problem);

    [LoggerMessage(2012, LogLevel.Debug, "{Endpoint} {Connection}: {Mti} takes no answer.")]
    internal static partial void Ignored(ILogger log, string endpoint, string connection, Mti mti);

    [LoggerMessage(2013, LogLevel.Warning, "{Endpoint} {Connection}: {Mti} is not served.")]
    internal static partial void Unsupported(ILogger log, string endpoint, string connection, Mti mti);

    [LoggerMessage(2014, LogLevel.Information, "{Endpoint} {Connection}: network management {Code}: {Action}.")]
    internal static partial void NetworkManagement(ILogger log, string endpoint, string connection, int code, NetworkManagementAction action);

    [LoggerMessage(2016, LogLevel.Information, "{Endpoint} {Connection}: new key for the link ({Kind}): {Result}.")]
    internal static partial void ZoneKey(ILogger log, string endpoint, string connection, Authorization.ZoneKeyKind kind, Authorization.ZoneKeyResult result);

    [LoggerMessage(2017, LogLevel.Warning, "{Endpoint} {Connection}: {Mti} refused: its authentication code is {Verdict}.")]
    internal static partial void MacRefused(ILogger log, string endpoint, string connection, Mti mti, MacVerdict verdict);

    [LoggerMessage(2018, LogLevel.Error, "{Endpoint} {Connection}: not sent, as the security module made no authentication code for it: the answer to {Mti}.")]
    internal static partial void MacUnsent(ILogger log, string endpoint, string connection, Mti mti);

    [LoggerMessage(2015, LogLevel.Warning, "{Endpoint} {Connection}: {Mti} before a sign-on.")]
    internal static partial void NotSignedOn(ILogger log, string endpoint, string connection, Mti mti);

    [LoggerMessage(2020, LogLevel.Error, "{Endpoint} {Connection}: {Mti} could not be served.")]
    internal static partial void Failed(ILogger log, Exception failure, string endpoint, string connection, Mti mti);

    [LoggerMessage(2021, LogLevel.Error, "{Endpoint} {Connection}: the answer to {Mti} could not be written: {Status} at DE{Element}.")]
    internal static partial void Unwritable(ILogger log, string endpoint, string connection, Mti mti, WriteStatus status, int element);

    [LoggerMessage(2022, LogLevel.Debug, "{Endpoint} {Connection}: {Mti} missed its deadline.")]
    internal static partial void Late(ILogger log, string endpoint, string connection, Mti mti);

    [LoggerMessage(2023, LogLevel.Information, "A decision that came too late could not be undone yet; it is tried again.")]
    internal static partial void LateReleaseDelayed(ILogger log);

    [LoggerMessage(2025, LogLevel.Error, "A decision of account {AccountId} that came too late was not undone before the host stopped; its hold ends at its expiry.")]
    internal static partial void LateReleaseGivenUp(ILogger log, Ulid accountId);

    [LoggerMessage(2026, LogLevel.Information, "{Endpoint} {Connection}: the host leaves and has signed off.")]
    internal static partial void SignedOff(ILogger log, string endpoint, string connection);

    [LoggerMessage(2027, LogLevel.Warning, "Postgres could not be asked whether cards have {Count} PANs that Redis does not know: their requests are answered 91.")]
    internal static partial void CardsNotKnown(ILogger log, Exception failure, int count);

    [LoggerMessage(2024, LogLevel.Error, "The card directory did not answer.")]
    internal static partial void DirectoryUnavailable(ILogger log, Exception failure);
}
