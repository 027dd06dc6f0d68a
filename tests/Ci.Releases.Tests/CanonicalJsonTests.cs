using System.Text;
using System.Text.Json.Nodes;

namespace Ci.Releases.Tests;

/// <summary>The vectors of RFC 8785: sections 3.2.2, 3.2.3 and appendix B.</summary>
public sealed class CanonicalJsonTests
{
    [Theory]
    [InlineData("0000000000000000", "0")]
    [InlineData("8000000000000000", "0")]
    [InlineData("0000000000000001", "5e-324")]
    [InlineData("8000000000000001", "-5e-324")]
    [InlineData("7fefffffffffffff", "1.7976931348623157e+308")]
    [InlineData("ffefffffffffffff", "-1.7976931348623157e+308")]
    [InlineData("4340000000000000", "9007199254740992")]
    [InlineData("c340000000000000", "-9007199254740992")]
    [InlineData("4430000000000000", "295147905179352830000")]
    [InlineData("44b52d02c7e14af5", "9.999999999999997e+22")]
    [InlineData("44b52d02c7e14af6", "1e+23")]
    [InlineData("44b52d02c7e14af7", "1.0000000000000001e+23")]
    [InlineData("444b1ae4d6e2ef4e", "999999999999999700000")]
    [InlineData("444b1ae4d6e2ef4f", "999999999999999900000")]
    [InlineData("444b1ae4d6e2ef50", "1e+21")]
    [InlineData("3eb0c6f7a0b5ed8c", "9.999999999999997e-7")]
    [InlineData("3eb0c6f7a0b5ed8d", "0.000001")]
    [InlineData("41b3de4355555553", "333333333.3333332")]
    [InlineData("41b3de4355555554", "333333333.33333325")]
    [InlineData("41b3de4355555555", "333333333.3333333")]
    [InlineData("41b3de4355555556", "333333333.3333334")]
    [InlineData("41b3de4355555557", "333333333.33333343")]
    [InlineData("becbf647612f3696", "-0.0000033333333333333333")]
    [InlineData("43143ff3c1cb0959", "1424953923781206.2")]
    public void A_number_is_printed_as_ECMAScript_prints_it(string bits, string expected) =>
        Assert.Equal(expected, CanonicalJson.OfNumber(BitConverter.UInt64BitsToDouble(Convert.ToUInt64(bits, 16))));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_number_that_JSON_cannot_hold_is_refused(double value) => Assert.Throws<FormatException>(() => CanonicalJson.OfNumber(value));

    [Fact]
    public void The_example_of_the_RFC_comes_out_byte_by_byte()
    {
        const string input = """
            {
              "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
              "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
              "literals": [null, true, false]
            }
            """;
        const string expected =
            """{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}""";
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.Of(JsonNode.Parse(input))));
    }

    [Fact]
    public void Keys_are_ordered_by_UTF16_code_units()
    {
        const string input = """
            {"\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
             "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"}
            """;
        var output = (JsonObject)JsonNode.Parse(CanonicalJson.Of(JsonNode.Parse(input)))!;
        Assert.Equal(["\r", "1", "\u0080", "\u00f6", "\u20ac", "\ud83d\ude00", "\ufb33"], output.Select(property => property.Key));
    }

    [Fact]
    public void Values_made_in_memory_and_values_read_from_text_come_out_alike()
    {
        var made = new JsonObject { ["b"] = 1.0, ["a"] = 0.1f, ["c"] = 12L, ["d"] = "x" };
        Assert.Equal("""{"a":0.1,"b":1,"c":12,"d":"x"}""", Encoding.UTF8.GetString(CanonicalJson.Of(made)));
        Assert.Equal(CanonicalJson.Of(made), CanonicalJson.Of(JsonNode.Parse(made.ToJsonString())));
    }

    [Fact]
    public void A_lone_surrogate_is_refused() => Assert.Throws<FormatException>(() => CanonicalJson.Of(JsonValue.Create("\ud800")));
}
