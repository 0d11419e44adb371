using Sprig.IO;
using Xunit;

namespace Sprig.Tests.IO;

/// <summary>The file that says what outputs are to get if this process is killed.</summary>
public sealed class SafeStateFileTests : IDisposable
{
    private static readonly SafeLine s_one = new("gpiochip0", "a chip", 1, false, GpioDrive.PushPull, GpioBias.PullDown);
    private static readonly SafeLine s_two = s_one with { Line = 2 };
    private readonly string _folder = Directory.CreateTempSubdirectory("sprig-safe-state-").FullName;
    private readonly StringWriter _errors = new();
    private readonly SafeStateFile _file;

    public SafeStateFileTests() => _file = new SafeStateFile(Path, _errors);

    private string Path => System.IO.Path.Combine(_folder, "state");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_is_there_while_there_is_something_to_say_and_nothing_else_is()
    {
        _file.Keep([]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        _file.Keep([s_one]);
        AssertKept(s_one);
        _file.Keep([s_one, s_two]);
        AssertKept(s_one, s_two);
        _file.Keep([]);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        _file.Keep([s_two]);
        AssertKept(s_two);
        Assert.Equal("", $"{_errors}");
    }

    [Fact]
    public void What_has_not_changed_is_not_written_again()
    {
        _file.Keep([s_one]);
        File.Delete(Path);
        _file.Keep([s_one]);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void A_reader_that_has_it_open_keeps_the_whole_of_the_old_one()
    {
        _file.Keep([s_one]);
        string before = UnlockedFile.Read(Path);
        using StreamReader reader = UnlockedFile.Open(Path);
        _file.Keep([s_one, s_two]);
        Assert.Equal(before, reader.ReadToEnd());
    }

    [Fact]
    public void One_that_cannot_be_written_is_told_once_and_again_after_it_could()
    {
        SafeStateFile file = new(System.IO.Path.Combine(_folder, "missing", "state"), _errors);
        file.Keep([s_one]);
        file.Keep([s_one, s_two]);
        Assert.Contains("can't be kept", Assert.Single($"{_errors}".TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Directory.CreateDirectory(System.IO.Path.Combine(_folder, "missing"));
        file.Keep([s_one]);
        Assert.True(File.Exists(System.IO.Path.Combine(_folder, "missing", "state")));
        Directory.Delete(System.IO.Path.Combine(_folder, "missing"), recursive: true);
        file.Keep([s_two]);
        Assert.Equal(2, $"{_errors}".TrimEnd('\n').Split('\n').Length);
    }

    [Fact]
    public void One_that_cannot_be_written_leaves_nothing_beside_it()
    {
        Directory.CreateDirectory(Path);
        _file.Keep([s_one]);
        Assert.Contains("can't be kept", $"{_errors}", StringComparison.Ordinal);
        Assert.Equal([Path], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void While_its_program_lives_no_other_writes_or_reads_it()
    {
        _file.Keep([s_one]);
        string before = UnlockedFile.Read(Path);
        StringWriter errors = new();
        SafeStateFile other = new(Path, errors);
        other.Keep([s_two]);
        Assert.Contains("another process", $"{errors}", StringComparison.Ordinal);
        Assert.Equal(before, UnlockedFile.Read(Path));
        Assert.Contains("still runs", Assert.Throws<IOException>(() => SafeLine.ReadAll(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_a_killed_program_has_left_is_taken_over()
    {
        File.WriteAllText(Path, SafeLine.ToText([s_one]));
        _file.Keep([s_two]);
        AssertKept(s_two);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Without_a_name_there_is_none(string? name)
    {
        Assert.Null(SafeStateFile.Of(_ => name));
        Assert.NotNull(SafeStateFile.Of(variable => variable == "SPRIG_SAFE_STATE" ? Path : null));
    }

    private void AssertKept(params SafeLine[] lines)
    {
        Assert.Equal([Path], Directory.GetFileSystemEntries(_folder));
        Assert.Equal(SafeLine.ToText(lines), UnlockedFile.Read(Path));
    }
}
