namespace Processor.Iso8583.Tests;

public sealed class DamageTests
{
    private const int DamagedLengthMax = 8192;
    private const int FlipsInFullLengthMax = 500;

    /// <summary>For each dialect; PROCESSOR_MUTATIONS sets another number, such as 5000000.</summary>
    private static readonly int Mutations =
        int.TryParse(Environment.GetEnvironmentVariable("PROCESSOR_MUTATIONS"), out int number) ? number : 50_000;

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Every_truncation_is_rejected_where_the_bytes_end(string name)
    {
        var golden = Golden.Of(name);
        var layout = new MessageLayout();

        foreach (var message in golden.Valid)
        {
            byte[] frame = message.Frame;
            for (int length = 0; length < frame.Length; length++)
            {
                var cut = frame.AsSpan(0, length);
                Assert.Equal(ParseStatus.Rejected, golden.Dialect.TryParse(cut, layout));
                Assert.Contains(layout.Error.Reason, new[]
                {
                    ParseReason.TruncatedMti, ParseReason.TruncatedBitmap, ParseReason.TruncatedLength,
                    ParseReason.TruncatedField, ParseReason.TruncatedHeader,
                    golden.Dialect.Header is null ? ParseReason.TruncatedMti : ParseReason.BadLength,
                });
                Assert.InRange(layout.Error.Offset, 0, length);
                Read(cut, layout);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Every_flip_of_one_byte_is_survived(string name)
    {
        var golden = Golden.Of(name);
        var layout = new MessageLayout();

        foreach (var message in golden.Valid)
        {
            byte[] frame = message.Frame;
            for (int index = 0; index < frame.Length; index++)
            {
                byte original = frame[index];
                int flips = frame.Length < FlipsInFullLengthMax ? 256 : 8;
                for (int flip = 0; flip < flips; flip++)
                {
                    frame[index] = flips == 256 ? (byte)flip : (byte)(original ^ (1 << flip));
                    golden.Dialect.TryParse(frame, layout);
                    Read(frame, layout);
                }

                frame[index] = original;
            }
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void A_bad_byte_is_blamed_on_its_element_and_place(string name)
    {
        var golden = Golden.Of(name);
        var layout = new MessageLayout();
        byte[] frame = golden.Frame("house-full");
        golden.Dialect.TryParse(frame, layout);
        var elements = Enumerable.Range(2, 127)
            .Where(element => golden.Dialect[element]?.Class is not (null or CharacterClass.B or CharacterClass.Any))
            .Select(element => (Element: element, Offset: layout.OffsetOf(element), Length: layout.LengthOf(element)))
            .ToList();

        foreach (var (element, offset, length) in elements)
        {
            bool isTrack = golden.Dialect[element] is { Class: CharacterClass.Z, Encoding: ContentEncoding.Bcd };
            for (int index = offset; index < offset + length && !isTrack; index++)
            {
                byte original = frame[index];
                frame[index] = 0x0B;
                golden.Dialect.TryParse(frame, layout);
                frame[index] = original;

                Assert.Equal(
                    (ParseReason.BadCharacter, element, index),
                    (layout.Error.Reason, layout.Error.DataElement, layout.Error.Offset));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void Random_damage_is_survived(string name)
    {
        var golden = Golden.Of(name);
        var random = new Random(Seed.Value);
        var layout = new MessageLayout();
        byte[][] frames = [.. golden.Valid.Select(message => message.Frame)];
        byte[] damaged = new byte[DamagedLengthMax];

        for (int run = 0; run < Mutations; run++)
        {
            int length = Damage(random, frames[random.Next(frames.Length)], damaged);
            var frame = damaged.AsSpan(0, length);
            try
            {
                golden.Dialect.TryParse(frame, layout);
                Read(frame, layout);
                if (run % 100 == 0)
                    Assert.NotEmpty(MessageDescription.Of(new MessageView(frame, layout)).ToString());
            }
            catch (Exception exception)
            {
                Assert.Fail($"SEED={Seed.Value} run {run}, {name} {Convert.ToHexString(frame)}: {exception}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void What_is_read_after_damage_is_written_back_the_same(string name)
    {
        var golden = Golden.Of(name);
        var random = new Random(Seed.Value);
        var layout = new MessageLayout();
        byte[][] frames = [.. golden.Valid.Select(message => message.Frame)];
        byte[] damaged = new byte[DamagedLengthMax];
        byte[] written = new byte[DamagedLengthMax];
        int parsed = 0;

        for (int run = 0; run < Mutations / 4; run++)
        {
            int length = Damage(random, frames[random.Next(frames.Length)], damaged);
            var frame = damaged.AsSpan(0, length);
            if (golden.Dialect.TryParse(frame, layout) != ParseStatus.Parsed)
                continue;
            parsed++;
            var view = new MessageView(frame, layout);
            var writer = new MessageWriter(written, golden.Dialect);
            writer.Begin(view.Mti);
            for (int element = view.Next(0); element != 0; element = view.Next(element))
                writer.CopyFrom(in view, element);
            Assert.True(writer.TryFinish(out int length2), $"SEED={Seed.Value} run {run}: {writer.Status}");
            string text = Iso8583Message.Parse(golden.Dialect, written.AsSpan(0, length2)).ToString();
            Assert.Equal(Iso8583Message.From(in view).ToString(), text);
        }

        Assert.True(parsed > 100, $"Only {parsed} damaged messages could be read; SEED={Seed.Value}");
    }

    /// <summary>Reads everything in every way; only a fault in the reader can make this throw.</summary>
    private static void Read(ReadOnlySpan<byte> frame, MessageLayout layout)
    {
        var view = new MessageView(frame, layout);
        Span<byte> target = stackalloc byte[DamagedLengthMax];
        int end = 0;
        for (int element = view.Next(0); element != 0; element = view.Next(element))
        {
            int offset = layout.OffsetOf(element);
            if (offset < end || offset + layout.LengthOf(element) > frame.Length)
                throw new InvalidOperationException($"DE{element} lies outside the frame or over another.");
            end = offset + layout.LengthOf(element);
            view.Raw(element);
            view.TryGetNumber(element, out _);
            view.TryGetTrimmedText(element, target, out _);
            bool isText = view.TryGetText(element, target, out int length);
            if (!isText && !view.TryGetBinary(element, target, out _))
                throw new InvalidOperationException($"DE{element} is neither text nor bytes.");
            if (isText && !Belongs(view.Dialect[element]!, target[..length]))
                throw new InvalidOperationException($"DE{element} holds a character outside its class.");
            view.TryGetDigits(element, target, out _);
        }

        view.SupportsPartialApproval();
        view.TryGetNetworkId(target, out _);
        if (layout.Error.Offset < 0 || layout.Error.Offset > frame.Length)
            throw new InvalidOperationException($"The error points outside the frame: {layout.Error}.");
    }

    /// <summary>The classes once more, in the plainest words, against the reader's tables and stretches.</summary>
    private static bool Belongs(ElementRule rule, ReadOnlySpan<byte> text)
    {
        for (int index = 0; index < text.Length; index++)
        {
            char character = (char)text[index];
            bool belongs = rule.Class switch
            {
                CharacterClass.N => char.IsAsciiDigit(character),
                CharacterClass.A => char.IsAsciiLetter(character) || character == ' ',
                CharacterClass.An => char.IsAsciiLetterOrDigit(character) || character == ' ',
                CharacterClass.Ns => character is >= ' ' and <= '~' && !char.IsAsciiLetter(character),
                CharacterClass.Z => character is >= '0' and <= '?',
                CharacterClass.Any => true,
                CharacterClass.SignedN => index == 0 ? character is 'C' or 'D' or '0' : char.IsAsciiDigit(character),
                _ => character is >= ' ' and <= '~' || (rule.Encoding == ContentEncoding.Latin1 && character >= '\u00A0'),
            };
            if (!belongs)
                return false;
        }

        return true;
    }

    private static int Damage(Random random, byte[] frame, byte[] target)
    {
        frame.CopyTo(target, 0);
        int length = frame.Length;
        for (int count = random.Next(1, 4); count > 0 && length > 0; count--)
        {
            int index = random.Next(length);
            switch (random.Next(6))
            {
                case 0:
                    target[index] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    target[index] = (byte)random.Next(256);
                    break;
                case 2:
                    target[index] = (byte)('0' + random.Next(10));
                    break;
                case 3:
                    length = index;
                    break;
                case 4:
                    target.AsSpan(index, length - index).CopyTo(target.AsSpan(index + 1));
                    length++;
                    break;
                default:
                    target.AsSpan(index + 1, length - index - 1).CopyTo(target.AsSpan(index));
                    length--;
                    break;
            }
        }

        return length;
    }
}
