using System.Globalization;
using System.Text;
using Processor.Testing;
using Xunit;

namespace Processor.Ledger.Tests;

/// <summary>Replies of Redis: found however they arrive, read as they are, and refused when they are damaged.</summary>
public sealed class RespTests
{
    private const int Seed = 20261121;

    [Theory]
    [InlineData("+OK\r\n", "OK")]
    [InlineData("$0\r\n\r\n", "")]
    [InlineData("$4\r\na\r\nb\r\n", "a\r\nb")]
    [InlineData("$-1\r\n", "nothing")]
    [InlineData("*-1\r\n", "nothing")]
    [InlineData(":-9223372036854775808\r\n", "-9223372036854775808")]
    [InlineData("-ERR wrong\r\n", "error ERR wrong")]
    [InlineData("*0\r\n", "[]")]
    [InlineData("*3\r\n:1\r\n*2\r\n$1\r\nx\r\n*0\r\n$-1\r\n", "[1 [x []] nothing]")]
    public void A_reply_is_what_it_says(string sent, string expected) => Assert.Equal(expected, Describe(Read(sent)));

    [Theory]
    [InlineData("?1\r\n")]
    [InlineData("\r\n")]
    [InlineData("+O\rK\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$536870913\r\n")]
    [InlineData("$1\r\nab\r\n")]
    [InlineData("*16777217\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")]
    public void What_is_no_reply_is_refused(string sent) => Assert.Throws<InvalidDataException>(() => Read(sent));

    [Fact]
    public void A_line_without_an_end_is_refused() =>
        Assert.Throws<InvalidDataException>(() => Read("-" + new string('x', 100_000)));

    [Fact]
    public void A_reply_is_found_wherever_it_is_cut() => Seeds.Run(Seed, random =>
    {
        for (var run = 0; run < 300; run++)
        {
            var bytes = Make(random, depth: 3);
            var whole = Describe(RespReply.Read(bytes));
            var scanner = new RespScanner();
            for (var length = 0; length < bytes.Length; length++)
                Assert.False(scanner.TryFindEnd(bytes.AsSpan(0, length), out _));

            // What follows belongs to the next reply.
            Assert.True(scanner.TryFindEnd([.. bytes, .. "+OK\r\n"u8], out var end));
            Assert.Equal(bytes.Length, end);
            Assert.Equal(whole, Describe(RespReply.Read(bytes.AsSpan(0, end))));
        }
    });

    [Fact]
    public void A_damaged_reply_is_refused_or_read_and_nothing_else() => Seeds.Run(Seed, random =>
    {
        for (var run = 0; run < 20_000; run++)
        {
            var bytes = Make(random, depth: 3);
            for (var damage = random.Next(1, 4); damage > 0; damage--)
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(3) == 0 ? random.Next(256) : "+-:$*\r\n0123456789"[random.Next(17)]);
            try
            {
                if (new RespScanner().TryFindEnd(bytes, out var length))
                    RespReply.Read(bytes.AsSpan(0, length));
            }
            catch (InvalidDataException)
            {
                // Refused.
            }
        }
    });

    [Fact]
    public void A_command_is_a_list_of_its_parts() => Assert.Equal(
        "*4\r\n$4\r\nHSET\r\n$3\r\nk\u00e9\r\n$0\r\n\r\n$3\r\n-12\r\n"u8, RespWriter.Write("HSET", "k\u00e9", Array.Empty<byte>(), -12));

    [Fact]
    public void What_a_reply_holds_is_not_told_when_it_is_another_kind()
    {
        var problem = Assert.Throws<InvalidCastException>(() => (long)Read("$6\r\nsecret\r\n"));

        Assert.Equal("Redis answered with Text where a number was expected.", problem.Message);
        Assert.Throws<InvalidCastException>(() => (RespReply[]?)Read(":1\r\n"));
        Assert.Throws<InvalidCastException>(() => (string?)Read("*0\r\n"));
        Assert.Throws<InvalidCastException>(() => (byte[]?)Read(":1\r\n"));
    }

    private static RespReply Read(string sent)
    {
        var bytes = Encoding.UTF8.GetBytes(sent);
        Assert.True(new RespScanner().TryFindEnd(bytes, out var length));
        Assert.Equal(bytes.Length, length);
        return RespReply.Read(bytes);
    }

    private static string Describe(RespReply reply) => reply.Kind switch
    {
        RespKind.Null => "nothing",
        RespKind.Error => "error " + (string?)reply,
        RespKind.List => "[" + string.Join(' ', ((RespReply[])reply!).Select(Describe)) + "]",
        _ => (string)reply!,
    };

    private static byte[] Make(Random random, int depth)
    {
        var text = new byte[random.Next(20)];
        random.NextBytes(text);
        return random.Next(depth > 0 ? 6 : 5) switch
        {
            0 => "$-1\r\n"u8.ToArray(),
            1 => Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $":{random.Next(-1000, 1000)}\r\n")),
            2 => "-ERR wrong\r\n"u8.ToArray(),
            3 => "+OK\r\n"u8.ToArray(),
            4 => [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"${text.Length}\r\n")), .. text, .. "\r\n"u8],
            _ => List(random, depth - 1),
        };
    }

    private static byte[] List(Random random, int depth)
    {
        var count = random.Next(4);
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"*{count}\r\n")), .. Enumerable.Range(0, count).SelectMany(_ => Make(random, depth))];
    }
}
