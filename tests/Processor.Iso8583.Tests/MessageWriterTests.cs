namespace Processor.Iso8583.Tests;

public sealed class MessageWriterTests
{
    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void The_order_of_setting_does_not_matter(string name)
    {
        var golden = Golden.Of(name);
        int seed = Seed.Value;
        var random = new Random(seed);

        foreach (var message in golden.Valid)
        {
            byte[] frame = message.Frame;
            var layout = new MessageLayout();
            golden.Dialect.TryParse(frame, layout);
            int[] order = [.. message.Fields.Keys];
            random.Shuffle(order);

            byte[] buffer = new byte[4096];
            var writer = new MessageWriter(buffer, golden.Dialect);
            writer.BeginLike(new MessageView(frame, layout), layout.Mti);
            foreach (int element in order)
                writer.CopyFrom(new MessageView(frame, layout), element);

            Assert.True(writer.TryFinish(out int length), $"SEED={seed}");
            Assert.True(frame.AsSpan().SequenceEqual(buffer.AsSpan(0, length)), $"{message.Id}, SEED={seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void A_set_of_elements_is_echoed_as_each_of_them_is(string name)
    {
        var golden = Golden.Of(name);
        int seed = Seed.Value;
        var random = new Random(seed);
        byte[] one = new byte[4096];
        byte[] other = new byte[4096];

        for (int run = 0; run < 200; run++)
        {
            byte[] frame = golden.Valid[run % golden.Valid.Count].Frame;
            var layout = new MessageLayout();
            golden.Dialect.TryParse(frame, layout);
            var view = new MessageView(frame, layout);
            var set = new ElementSet((ulong)random.NextInt64(), (ulong)random.NextInt64(), (ulong)random.NextInt64());
            int cut = random.Next(1, 130);

            var each = new MessageWriter(one, golden.Dialect);
            each.BeginReply(in view);
            for (int element = set.Next(0); element != 0; element = set.Next(element))
                each.CopyFrom(in view, element);
            var together = new MessageWriter(other, golden.Dialect);
            together.BeginReply(in view);
            bool isUpperFirst = run % 3 == 0;
            together.CopyFrom(in view, isUpperFirst ? set.Between(cut + 1, 192) : set.Between(1, cut));
            together.CopyFrom(in view, isUpperFirst ? set.Between(1, cut) : set.Between(cut + 1, 192));

            Assert.True(each.TryFinish(out int length) & together.TryFinish(out int lengthTogether), $"SEED={seed}, run {run}");
            Assert.True(one.AsSpan(0, length).SequenceEqual(other.AsSpan(0, lengthTogether)), $"SEED={seed}, run {run}");
        }
    }

    [Theory]
    [InlineData("iso87-ascii", "iso87-binary")]
    [InlineData("iso87-binary", "iso87-ascii")]
    public void An_echo_across_dialects_keeps_the_content(string from, string to)
    {
        var source = Golden.Of(from);
        var target = Golden.Of(to);
        byte[] frame = source.Frame("house-full");
        var layout = new MessageLayout();
        source.Dialect.TryParse(frame, layout);
        var view = new MessageView(frame, layout);

        byte[] buffer = new byte[4096];
        var writer = new MessageWriter(buffer, target.Dialect);
        writer.Begin(view.Mti);
        for (int element = 2; element <= 128; element++)
            writer.CopyFrom(in view, element);

        Assert.True(writer.TryFinish(out int length));
        Assert.Equal(target.Frame("house-full"), buffer[..length]);
    }

    [Theory]
    [MemberData(nameof(Golden.Names), MemberType = typeof(Golden))]
    public void A_buffer_that_is_too_short_is_a_status(string name)
    {
        var golden = Golden.Of(name);
        byte[] frame = golden.Frame("house-full");
        var layout = new MessageLayout();
        golden.Dialect.TryParse(frame, layout);
        var view = new MessageView(frame, layout);
        byte[] buffer = new byte[frame.Length];

        for (int room = 0; room < frame.Length; room++)
        {
            var writer = new MessageWriter(buffer.AsSpan(0, room), golden.Dialect);
            writer.Begin(view.Mti);
            for (int element = 128; element >= 2; element--)
                writer.CopyFrom(in view, element);

            Assert.False(writer.TryFinish(out int length));
            Assert.Equal(0, length);
            Assert.Equal(WriteStatus.BufferTooShort, writer.Status);
        }
    }

    [Theory]
    [MemberData(nameof(Golden.PlainNames), MemberType = typeof(Golden))]
    public void Short_content_is_filled_up(string name)
    {
        var dialect = Golden.Of(name).Dialect;
        byte[] buffer = new byte[512];
        var writer = new MessageWriter(buffer, dialect);
        writer.Begin(new Mti(0x0110));
        writer.SetNumber(4, 1050);
        writer.SetDigits(11, "42"u8);
        writer.SetText(23, "7"u8);
        writer.SetNumber(32, 12345);
        writer.SetText(41, "T1"u8);
        writer.SetNumber(49, 36);
        writer.SetRaw(38, "A1B2C3"u8);
        writer.SetBinary(52, [1, 2, 3, 4, 5, 6, 7, 8]);

        Assert.True(writer.TryFinish(out int length));
        var message = Iso8583Message.Parse(dialect, buffer.AsSpan(0, length));
        Assert.Equal("000000001050", message[4]);
        Assert.Equal("000042", message[11]);
        Assert.Equal("007", message[23]);
        Assert.Equal("12345", message[32]);
        Assert.Equal("T1      ", message[41]);
        Assert.Equal("036", message[49]);
        Assert.Equal("A1B2C3", message[38]);
        Assert.Equal("0102030405060708", message[52]);
    }

    [Theory]
    [InlineData(WriteStatus.TooLong, 3, "1234567")]
    [InlineData(WriteStatus.TooLong, 2, "12345678901234567890")]
    [InlineData(WriteStatus.BadCharacter, 4, "12A")]
    [InlineData(WriteStatus.BadCharacter, 35, "4761 7390")]
    [InlineData(WriteStatus.BadCharacter, 28, "100")]
    [InlineData(WriteStatus.BadCharacter, 41, "a\nb")]
    [InlineData(WriteStatus.BadCharacter, 52, "12345678")]
    [InlineData(WriteStatus.UnknownElement, 1, "1")]
    [InlineData(WriteStatus.UnknownElement, 0, "1")]
    [InlineData(WriteStatus.UnknownElement, 129, "1")]
    [InlineData(WriteStatus.UnknownElement, -5, "1")]
    [InlineData(WriteStatus.DuplicateElement, 39, "00")]
    public void The_first_failure_is_kept(WriteStatus status, int element, string value)
    {
        foreach (var golden in Golden.Plain)
        {
            var writer = new MessageWriter(new byte[256], golden.Dialect);
            writer.Begin(new Mti(0x0110));
            writer.SetText(39, "05"u8);

            Assert.False(writer.SetText(element, System.Text.Encoding.ASCII.GetBytes(value)));
            Assert.False(writer.SetNumber(130, 1));

            Assert.False(writer.TryFinish(out _));
            Assert.Equal((status, element), (writer.Status, writer.FailedElement));
        }
    }

    [Fact]
    public void Bytes_of_a_wrong_length_are_refused()
    {
        foreach (var golden in Golden.Plain)
        {
            var writer = new MessageWriter(new byte[256], golden.Dialect);
            Assert.Equal(WriteStatus.NotBegun, writer.Status);
            Assert.False(writer.TryFinish(out _));
            writer.Begin(new Mti(0x0110));

            Assert.False(writer.SetBinary(52, [1, 2, 3]));
            Assert.Equal(WriteStatus.WrongLength, writer.Status);
            writer.Begin(new Mti(0x0110));
            Assert.False(writer.SetRaw(38, "12345"u8));
            Assert.Equal(WriteStatus.WrongLength, writer.Status);
            writer.Begin(new Mti(0x0110));
            Assert.True(writer.SetText(39, "00"u8));
            Assert.True(writer.TryFinish(out _));
        }
    }
}
