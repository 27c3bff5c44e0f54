using System.Globalization;
using System.Text;
using Processor.Security;
using Processor.Testing;
using Xunit;

namespace Processor.Authorization.Tests;

/// <summary>What a message brings to prove itself, cut and damaged: it is read or it is not, and nothing of one message is left for the next.</summary>
public sealed class PresentedCredentialsTests
{
    private const string Track2 = "4761739001010010=31122010000000123";
    private const string Track1 = "%B4761739001010010^DOE/JANE^31122010000000123";
    private const int DamagedMax = 20_000;

    [Theory]
    [InlineData(Track2, false)]
    [InlineData(Track1, true)]
    public void Each_truncation_of_a_track_gives_what_is_whole_in_it(string track, bool isFirst)
    {
        var end = track.IndexOf(isFirst ? '^' : '=', StringComparison.Ordinal);
        var rest = track.LastIndexOf(isFirst ? '^' : '=') + 1;
        for (var length = 0; length <= track.Length; length++)
        {
            var presented = Read(Encoding.ASCII.GetBytes(track[..length]), isFirst);

            Assert.True(presented.HasTrack);
            Assert.Equal(length > end ? 16 : 0, presented.TrackPan.Length);
            Assert.Equal(length >= rest + 4 ? 3112 : 0, presented.TrackExpiry);
            Assert.Equal(length >= rest + 7 ? 201 : -1, presented.ServiceCode);
            Assert.Equal(Math.Max(0, length - rest - 7), presented.DiscretionaryData.Length);
        }
    }

    [Fact]
    public void No_damage_breaks_a_reader_and_nothing_outlives_its_message()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("PROCESSOR_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : DamagedMax;
        var presented = new PresentedCredentials();
        Seeds.Run(20261121, random =>
        {
            for (var round = 0; round < rounds; round++)
            {
                presented.SetTrack1(Damaged(random, Track1));
                presented.SetTrack2(Damaged(random, Track2));
                presented.SetVerificationValue(Bytes(random, random.Next(8)));
                presented.SetPin(Bytes(random, random.Next(20)), random.Next(5), "zpk");
                presented.SetIcc(Bytes(random, random.Next(80)));

                Assert.True(presented.TrackPan.Length is 0 or (>= 8 and <= 19));
                Assert.InRange(presented.TrackExpiry, 0, 9999);
                Assert.InRange(presented.ServiceCode, -1, 999);
                Assert.True(presented.DiscretionaryData.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0);
                Assert.True(Enum.IsDefined(presented.IccStatus));
                Assert.DoesNotMatch("[0-9]", presented.ToString());

                presented.Clear();
                Assert.False(presented.HasAny);
                Assert.Equal((0, 0, -1, 0), (presented.TrackPan.Length, presented.TrackExpiry, presented.ServiceCode, presented.DiscretionaryData.Length));
                Assert.Equal((0, 0, 0ul, IccStatus.Ok), (presented.Value.Length, presented.Pin.Length, presented.Icc.Cryptogram, presented.IccStatus));
            }
        });
    }

    private static PresentedCredentials Read(byte[] track, bool isFirst)
    {
        var presented = new PresentedCredentials();
        if (isFirst)
            presented.SetTrack1(track);
        else
            presented.SetTrack2(track);
        return presented;
    }

    private static byte[] Damaged(Random random, string track)
    {
        var damaged = Encoding.ASCII.GetBytes(track)[..random.Next(track.Length + 1)];
        for (var count = random.Next(0, 4); count > 0 && damaged.Length > 0; count--)
            damaged[random.Next(damaged.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)track[random.Next(track.Length)];
        return damaged;
    }

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
