using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Processor.Iso8583;
using Processor.Testing;

namespace Processor.Switch.Tests;

/// <summary>Tracks as terminals damage them: every truncation, and seeded damage. Either the PAN is what stands before the separator, or there is none.</summary>
public sealed partial class TrackDamageTests
{
    private const int DamagedMax = 20_000;

    private static readonly Dialect Ascii = Dialect.LoadNamed("iso87-ascii");

    private const string Track2 = Messages.Pan + "=31122010000000123";
    private const string Track1 = "%B" + Messages.Pan + "^DOE/JANE^31122010000000123";

    public static TheoryData<int, string> Tracks() => new() { { 35, Track2 }, { 45, Track1 }, { 45, Track1[1..] } };

    [Theory]
    [MemberData(nameof(Tracks), DisableDiscoveryEnumeration = true)]
    public void A_track_that_was_cut_gives_the_pan_it_holds_or_none(int element, string track)
    {
        for (var length = 1; length <= track.Length; length++)
            Check(element, track[..length], Encoding.ASCII.GetBytes(track[..length]));
    }

    [Theory]
    [MemberData(nameof(Tracks), DisableDiscoveryEnumeration = true)]
    public void A_damaged_track_gives_the_pan_it_holds_or_none(int element, string track)
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("PROCESSOR_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : DamagedMax;
        Seeds.Run(20261121, random =>
        {
            for (var round = 0; round < rounds; round++)
            {
                var damaged = Encoding.ASCII.GetBytes(track);
                for (var count = random.Next(1, 5); count > 0; count--)
                    damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)track[random.Next(track.Length)];
                Check(element, track, damaged);
            }
        });
    }

    private static void Check(int element, string placeholder, byte[] track)
    {
        // The frame is made with a track that can be written, and the bytes of the damaged one are put over it.
        var message = Messages.Purchase();
        message[2] = null;
        message[element] = placeholder;
        var frame = message.ToBytes(Ascii);
        var layout = new MessageLayout();
        if (Ascii.TryParse(frame, layout) != ParseStatus.Parsed)
            return;
        track.CopyTo(frame, layout.OffsetOf(element));
        if (Ascii.TryParse(frame, layout) != ParseStatus.Parsed)
            return;

        var isRead = CardElements.TryGetPan(new MessageView(frame, layout), out var pan, out var expiry);

        var text = Encoding.Latin1.GetString(track);
        var match = element == 35 ? SecondTrack().Match(text) : FirstTrack().Match(text);
        Assert.Equal(match.Success, isRead);
        Assert.InRange(expiry, 0, 9999);
        if (isRead)
            Assert.Equal(SwitchUnderTest.PanOf(match.Groups[1].Value), pan);
    }

    [GeneratedRegex(@"\A([0-9]{8,19})([=D]|\z)")]
    private static partial Regex SecondTrack();

    [GeneratedRegex(@"\A%?B([0-9]{8,19})\^")]
    private static partial Regex FirstTrack();
}
