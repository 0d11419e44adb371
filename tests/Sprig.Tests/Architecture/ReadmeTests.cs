using System.Text.RegularExpressions;
using Markdig;
using Markdig.Syntax;
using Xunit;

namespace Sprig.Tests.ArchitectureRules;

/// <summary>The code of the README and of the guide is code: each C# fence stands, to the letter, in the project Snippets, which is compiled with
/// the rest.</summary>
public partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("src/Sprig/README.md")]
    [InlineData("src/Sprig/IO/README.md")]
    [InlineData("src/Sprig.Devices/README.md")]
    public void Every_csharp_fence_is_compiled(string document)
    {
        List<string> fences = [.. Fences(document, "csharp")];
        HashSet<string> compiled = [Normalize(Repository.Read("tests/Snippets/Program.cs")), .. Regions()];
        Assert.True(fences.Count >= 1, $"{document} has lost its code.");
        foreach (string fence in fences)
            Assert.True(compiled.Contains(Normalize(fence)), $"This fence of {document} is in no file of tests/Snippets:\n{fence}");
    }

    [Fact]
    public void Every_snippet_is_in_the_README_or_in_a_guide()
    {
        string[] documents = ["README.md", "src/Sprig/README.md", "src/Sprig/IO/README.md", "src/Sprig.Devices/README.md"];
        HashSet<string> fences = [.. documents.SelectMany(document => Fences(document, "csharp")).Select(Normalize)];
        Assert.All(Regions(), region => Assert.Contains(region, fences));
    }

    [Fact]
    public void The_two_commands_are_there()
    {
        string shell = string.Join("\n", Fences("README.md", "sh"));
        Assert.Contains("dotnet run --project src/Sprig.Cli -c Release -- demo", shell, StringComparison.Ordinal);
        Assert.Contains("dotnet test Runtime.sln", shell, StringComparison.Ordinal);
        Assert.Contains("dotnet test Runtime.sln", Repository.Read(".ci/run"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Fences(string document, string language)
        => Markdown.Parse(Repository.Read(document))
            .Descendants<FencedCodeBlock>()
            .Where(fence => fence.Info == language)
            .Select(fence => fence.Lines.ToString());

    private static IEnumerable<string> Regions()
        => Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Snippets", "Guide"), "*.cs")
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Snippets", "Devices"), "*.cs"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests", "Snippets", "Serial"), "*.cs"))
            .Append(Path.Combine(Repository.Root, "tests", "Snippets", "Fragments.cs"))
            .SelectMany(file => RegionPattern().Matches(File.ReadAllText(file)))
            .Select(match => Normalize(match.Groups[1].Value));

    // Indentation of the region as a whole is not the reader's business.
    private static string Normalize(string code)
    {
        string[] lines = code.ReplaceLineEndings("\n").Trim('\n').Split('\n');
        int indent = lines.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join("\n", lines.Select(line => line.Length >= indent ? line[indent..].TrimEnd() : "")).Trim();
    }

    [GeneratedRegex(@"#region \w+\n(.*?)\n\s*#endregion", RegexOptions.Singleline)]
    private static partial Regex RegionPattern();
}
