namespace Processor.Iso8583.Tests;

public sealed class ElementSetTests
{
    [Fact]
    public void A_set_walks_its_elements_in_order()
    {
        int[] elements = [1, 2, 64, 65, 100, 128, 129, 192];

        var set = ElementSet.Of(elements);

        Assert.Equal(elements, Walk(set));
        Assert.Equal(elements.Length, set.Count);
        Assert.False(set.Has(0) || set.Has(3) || set.Has(193));
    }

    [Theory]
    [InlineData(0, 192)]
    [InlineData(2, 64)]
    [InlineData(64, 65)]
    [InlineData(65, 128)]
    [InlineData(128, 129)]
    [InlineData(100, 192)]
    [InlineData(70, 60)]
    public void What_lies_between_is_what_lies_between(int first, int last)
    {
        int[] elements = [1, 2, 3, 63, 64, 65, 66, 100, 127, 128, 129, 130, 192];

        var part = ElementSet.Of(elements).Between(first, last);

        Assert.Equal(elements.Where(element => element >= first && element <= last), Walk(part));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(193)]
    public void An_element_that_cannot_be_is_refused(int element) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementSet.Of(element));

    private static List<int> Walk(ElementSet set)
    {
        var walked = new List<int>();
        for (int element = set.Next(0); element != 0; element = set.Next(element))
            walked.Add(element);
        return walked;
    }
}
