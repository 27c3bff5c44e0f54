using System.Collections.Immutable;

namespace Processor.Iso8583;

/// <summary>What a dialect says about one part of an element.</summary>
public sealed class PartRule
{
    private readonly ElementPlan _plan;

    internal PartRule(string key, string path, int number, ImmutableArray<byte> tag, ElementRule rule)
    {
        Key = key;
        Path = path;
        Number = number;
        Tag = tag;
        Rule = rule;
        _plan = new ElementPlan(rule);
    }

    /// <summary>Its number, its tag, or what the dialect calls it.</summary>
    public string Key { get; }

    /// <summary>The keys from the element down to this part: <c>2.1</c>.</summary>
    public string Path { get; }

    /// <summary>Name, format and encoding; a tag that is only named has the format of its TLV's values.</summary>
    public ElementRule Rule { get; }

    /// <summary>Its place from 1, or its bit; 0 for a tag.</summary>
    internal int Number { get; }

    /// <summary>The tag's bytes on the wire; empty when it is found by its place.</summary>
    internal ImmutableArray<byte> Tag { get; }

    internal ref readonly ElementPlan PlanRef => ref _plan;
}
